/// A grid of character cells to draw curves on.
///
/// With Unicode a cell holds 2 × 4 braille dots, and marks stand on the line; with ASCII a cell is one dot, drawn as
/// the mark of its curve. A cell belongs to the curve that came to it last: dots of two in one cell could not be told
/// apart.
struct PlotCanvas {
    let columns: Int
    let rows: Int
    private let usesUnicode: Bool
    /// The mark of each curve.
    private let marks: [Character]
    private var cells: [Cell]

    private struct Cell {
        var dots: UInt8 = 0
        var mark: Character?
        var series: Int?
    }

    init(columns: Int, rows: Int, marks: [Character], usesUnicode: Bool) {
        self.columns = columns
        self.rows = rows
        self.marks = marks
        self.usesUnicode = usesUnicode
        cells = [Cell](repeating: Cell(), count: columns * rows)
    }

    private var dotsAcross: Int { usesUnicode ? 2 : 1 }
    private var dotsDown: Int { usesUnicode ? 4 : 1 }

    /// The row of cells for a height between 0, the bottom, and 1, the top.
    func row(at height: Double) -> Int {
        dotRow(at: height) / dotsDown
    }

    private func dotRow(at height: Double) -> Int {
        Int(((1 - height) * Double(rows * dotsDown - 1)).rounded())
    }

    private func dotColumn(at position: Double) -> Int {
        Int((position * Double(columns * dotsAcross - 1)).rounded())
    }

    /// Draws the curve through `points`, whose coordinates go from 0, left and bottom, to 1, right and top. A nil
    /// interrupts it.
    mutating func draw(_ points: [(x: Double, y: Double)?], series: Int) {
        var previous: (column: Int, row: Int)?
        for point in points {
            let dot = point.map { (column: dotColumn(at: $0.x), row: dotRow(at: $0.y)) }
            if let dot {
                line(from: previous ?? dot, to: dot, series: series)
            }
            previous = dot
        }
    }

    /// Puts the curve's mark, or another one, on the cell of a point.
    mutating func putMark(at point: (x: Double, y: Double), series: Int, _ mark: Character? = nil) {
        let index = row(at: point.y) * columns + dotColumn(at: point.x) / dotsAcross
        cells[index].mark = mark ?? marks[series]
        cells[index].series = series
    }

    /// Dots at every second column of dots, where nothing else is drawn.
    mutating func sprinkle(_ points: [(x: Double, y: Double)?], series: Int) {
        var last = -2
        for case let point? in points {
            let (column, row) = (dotColumn(at: point.x), dotRow(at: point.y))
            guard column >= last + 2 else { continue }
            last = column
            let index = row / dotsDown * columns + column / dotsAcross
            guard cells[index].series == nil || cells[index].series == series, cells[index].mark == nil else {
                continue
            }
            cells[index].series = series
            if usesUnicode {
                cells[index].dots |= Self.brailleDot(column: column % 2, row: row % 4)
            } else {
                cells[index].mark = "."
            }
        }
    }

    /// Fills a bar from the bottom.
    mutating func fill(from left: Double, to right: Double, height: Double, series: Int) {
        guard height > 0 else { return }
        let bottom = rows * dotsDown - 1
        for column in dotColumn(at: left)...max(dotColumn(at: left), dotColumn(at: right) - 1) {
            line(from: (column, bottom), to: (column, dotRow(at: height)), series: series)
        }
    }

    /// Writes a text from the cell of a point on, or up to it, over what is there.
    mutating func write(_ text: String, at point: (x: Double, y: Double), before: Bool, series: Int) {
        let column = dotColumn(at: point.x) / dotsAcross
        let first = before ? max(0, column - text.count + 1) : column
        for (place, character) in zip(first..<columns, text) {
            let index = row(at: point.y) * columns + place
            cells[index].mark = character
            cells[index].series = series
        }
    }

    private mutating func line(from start: (column: Int, row: Int), to end: (column: Int, row: Int), series: Int) {
        let steps = max(abs(end.column - start.column), abs(end.row - start.row), 1)
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            let column = start.column + Int((Double(end.column - start.column) * share).rounded())
            let row = start.row + Int((Double(end.row - start.row) * share).rounded())
            let index = row / dotsDown * columns + column / dotsAcross
            if cells[index].series != series { cells[index].dots = 0 }
            cells[index].dots |= Self.brailleDot(column: column % 2, row: row % 4)
            cells[index].series = series
        }
    }

    /// The bit of a dot in the braille block, where the lowest row was added last (Unicode Standard, section 21.1).
    private static func brailleDot(column: Int, row: Int) -> UInt8 {
        row == 3 ? 0x40 << UInt8(column) : 1 << UInt8(row + 3 * column)
    }

    /// The text of a row of cells, each curve's part in its style.
    func text(ofRow row: Int, style: (Int) -> TextStyle?, terminal: Terminal) -> String {
        var text = ""
        var run = ""
        var runSeries: Int?
        for cell in cells[row * columns..<(row + 1) * columns] {
            if cell.series != runSeries {
                text += terminal.styled(run, runSeries.flatMap(style))
                run = ""
                runSeries = cell.series
            }
            run.append(character(of: cell))
        }
        return text + terminal.styled(run, runSeries.flatMap(style))
    }

    private func character(of cell: Cell) -> Character {
        if let mark = cell.mark {
            return mark
        }
        guard cell.dots != 0, let series = cell.series else { return " " }
        return usesUnicode ? Character(Unicode.Scalar(0x2800 + UInt32(cell.dots))!) : marks[series]
    }
}
