/// A page of square pixels that a round pen draws on, with soft edges.
struct Canvas {
    let width: Int
    let height: Int

    /// How much ink each pixel has, 0 to 1, row by row.
    private(set) var ink: [Float]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        ink = [Float](repeating: 0, count: width * height)
    }

    /// Draws a line through points, in pixels from the upper left corner of the page.
    ///
    /// A pixel's ink falls from 1 to 0 over a band of width `softness` around the pen's edge; where lines cross, the
    /// darker one counts.
    mutating func draw(_ line: [Point], radius: Double, softness: Double) {
        let reach = radius + softness / 2
        ink.withUnsafeMutableBufferPointer { ink in
            for (start, end) in zip(line, line.dropFirst()) {
                let across = Float(end.x - start.x)
                let down = Float(end.y - start.y)
                let lengthSquared = max(across * across + down * down, 1e-12)
                let left = max(Int(min(start.x, end.x) - reach), 0)
                let right = min(Int(max(start.x, end.x) + reach), width - 1)
                let bottom = min(Int(max(start.y, end.y) + reach), height - 1)
                var row = max(Int(min(start.y, end.y) - reach), 0)
                while row <= bottom {
                    let y = Float(row) + 0.5 - Float(start.y)
                    var column = left
                    while column <= right {
                        let x = Float(column) + 0.5 - Float(start.x)
                        // How far along the line its nearest point is, from 0 at the start to 1 at the end.
                        let along = min(max((x * across + y * down) / lengthSquared, 0), 1)
                        let offX = x - along * across
                        let offY = y - along * down
                        let distance = (offX * offX + offY * offY).squareRoot()
                        let amount = min(max((Float(reach) - distance) / Float(softness), 0), 1)
                        ink[row * width + column] = max(ink[row * width + column], amount)
                        column += 1
                    }
                    row += 1
                }
            }
        }
    }
}
