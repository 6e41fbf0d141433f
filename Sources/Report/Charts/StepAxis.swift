/// The foot of a chart: its horizontal axis, with round numbers or names under their columns.
struct StepAxis {
    let scale: AxisScale
    let axis: Chart.Axis
    let columns: Int
    let usesUnicode: Bool

    private static let cellsBetweenTicks = 12

    private var ticks: [(value: Double, label: String)] {
        guard axis.categories.isEmpty else {
            let room = max(columns / axis.categories.count - 1, 1)
            return axis.categories.enumerated().map { (Double($0), $1.truncated(to: room, unicode: usesUnicode)) }
        }
        let values = scale.ticks(count: max(columns / Self.cellsBetweenTicks, 1))
        return Array(zip(values, NumberText.ticks(values))).map { (value: $0, label: $1) }
    }

    /// What stands after the last label.
    static func word(_ axis: Chart.Axis) -> String {
        axis.title.isEmpty || axis.title.displayWidth > longestWord ? "" : " \(axis.title)"
    }

    /// A title that is longer stands below the labels.
    private static let longestWord = 12

    /// The axis and its labels. The first character stands under the vertical axis.
    var lines: [String] {
        let (corner, dash, tick): (Character, Character, Character) = usesUnicode ? ("└", "─", "┬") : ("+", "-", "+")
        var axis = [corner] + [Character](repeating: dash, count: columns)
        var labels = [Character](repeating: " ", count: columns + 1)
        for (value, label) in ticks {
            let column = 1 + Int((scale.position(of: value) * Double(columns - 1)).rounded())
            axis[column] = tick
            let start = max(0, min(column - label.count / 2, labels.count - label.count))
            guard start + label.count <= labels.count else { continue }
            labels.replaceSubrange(start..<start + label.count, with: label)
        }
        let lines = [String(axis), String(labels).trimmingTrailingSpaces + Self.word(self.axis)]
        let title = self.axis.title
        return title.displayWidth > Self.longestWord
            ? lines + [title.padded(to: columns + 1, alignment: .right)] : lines
    }
}
