/// The foot of a chart: the axis of steps, with round numbers under their columns.
struct StepAxis {
    let scale: AxisScale
    let columns: Int
    let usesUnicode: Bool

    private static let cellsBetweenTicks = 12
    /// What stands after the last label.
    static let word = " step"

    /// The axis and its labels. The first character stands under the vertical axis.
    var lines: [String] {
        let (corner, dash, tick): (Character, Character, Character) = usesUnicode ? ("└", "─", "┬") : ("+", "-", "+")
        var axis = [corner] + [Character](repeating: dash, count: columns)
        var labels = [Character](repeating: " ", count: columns + 1)
        for value in scale.ticks(count: max(columns / Self.cellsBetweenTicks, 1)) {
            let column = 1 + Int((scale.position(of: value) * Double(columns - 1)).rounded())
            axis[column] = tick
            let label = NumberText.tick(value)
            let start = max(0, min(column - label.count / 2, labels.count - label.count))
            guard start + label.count <= labels.count else { continue }
            labels.replaceSubrange(start..<start + label.count, with: label)
        }
        return [String(axis), String(labels).trimmingTrailingSpaces + Self.word]
    }
}
