import Wording

/// The words of a progress display.
struct ProgressLayout {
    var done: Double
    var total: Double
    var unit: String
    var label: String
    var rate: Double?
    var usesUnicode: Bool

    private static let widestBar = 24
    private static let narrowestBar = 8
    private static let labelBeforeBar = 32
    private static let labelBeforeFigures = 20
    private static let shortestLabel = 8

    private var share: Double {
        total > 0 ? min(max(done / total, 0), 1) : 1
    }

    /// Rounded down, so that 100% means done.
    private var percentage: String {
        "\(Int(share * 100))%"
    }

    private var shortCount: String { "\(NumberText.grouped(done.rounded(.down))) of \(NumberText.grouped(total))" }

    private var count: String { "\(shortCount) \(units)" }

    private var units: String { plural(Int(min(total, 1e9)), unit) }

    private static func text(ofRate rate: Double) -> String {
        if rate >= 100 {
            return "\(NumberText.grouped(rate))/s"
        }
        return rate >= 1
            ? "\(NumberText.significant(rate, digits: 2))/s" : "\(NumberText.significant(rate * 60, digits: 2))/min"
    }

    private var timeLeft: String? {
        guard let rate, done < total else { return nil }
        return "\(NumberText.duration((total - done) / rate)) left"
    }

    /// A line for a log.
    func line(seconds: Double) -> String {
        let speed = rate.map { " at \(Self.text(ofRate: $0))" } ?? ""
        let left = timeLeft.map { ", \($0)" } ?? ""
        return "\(percentage) after \(NumberText.duration(seconds)): \(count)\(speed)\(left)"
            + (label.isEmpty ? "" : "; \(label.withoutControls)")
    }

    /// The last line.
    func summary(seconds: Double, from start: Double) -> String {
        let time = NumberText.duration(seconds)
        if done < total {
            return "Stopped at \(count) after \(time)."
        }
        let new = done - start
        let speed = new > 0 && seconds >= 1 ? " (\(Self.text(ofRate: new / seconds)))" : ""
        return "Done: \(NumberText.grouped(total)) \(units) in \(time)\(speed)."
    }

    /// A bar with its figures in at most `width` columns. What is under way comes first: figures give way to its label,
    /// the unit, then the rate, then the count. Where even the time left has no room beside it, the label gives way.
    func bar(width: Int) -> String {
        let separator = usesUnicode ? " · " : " | "
        let head = percentage.padded(to: 4, alignment: .right)
        let speed = rate.map { Self.text(ofRate: $0) }
        let figures = [
            [count, speed, timeLeft], [shortCount, speed, timeLeft], [shortCount, timeLeft], [timeLeft], [],
        ]
        .map { $0.compactMap { $0 }.joined(separator: separator) }
        let least = head.count + 1 + Self.narrowestBar + 2
        func fits(_ figures: String, beside label: Int) -> Bool {
            least + figures.displayWidth + (label > 0 ? separator.count + label : 0) <= width
        }
        let beside = figures.dropLast().first { fits($0, beside: min(label.displayWidth, Self.labelBeforeFigures)) }
        let text = beside ?? figures.first { fits($0, beside: 0) } ?? ""
        let room = width - head.count - 2 - text.displayWidth
        let wanted = label.isEmpty ? 0 : separator.count + min(label.displayWidth, Self.labelBeforeBar)
        let barWidth = min(Self.widestBar, max(Self.narrowestBar, room - 1 - wanted))
        var line = "\(head) \(blocks(width: barWidth))"
        if !text.isEmpty {
            line += "  " + text
        }
        let left = width - line.displayWidth - separator.count
        if !label.isEmpty, left >= min(Self.shortestLabel, label.displayWidth) {
            line += separator + label.withoutControls.truncated(to: left, unicode: usesUnicode)
        }
        return line.truncated(to: max(width, 0), unicode: usesUnicode)
    }

    private func blocks(width: Int) -> String {
        guard usesUnicode else {
            let full = Int(share * Double(width - 2))
            return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - 2 - full) + "]"
        }
        let eighths = Int(share * Double(width * 8))
        let partial = eighths % 8 == 0 ? "" : String(Unicode.Scalar(0x2590 - UInt32(eighths % 8))!)
        let drawn = String(repeating: "█", count: eighths / 8) + partial
        return drawn + String(repeating: "░", count: width - drawn.count)
    }
}
