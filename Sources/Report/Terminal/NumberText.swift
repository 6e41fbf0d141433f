import Foundation

/// Numbers as people read them.
public enum NumberText {
    /// A number to so many significant digits: plain from 0.0001 up to a million, with an exponent beyond.
    public static func significant(_ value: Double, digits: Int = 4) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : (value < 0 ? "-inf" : "inf") }
        guard value != 0 else { return "0" }
        let scientific = String(format: "%.\(digits - 1)e", value)
        // Rounding may have carried into the next power of ten, so the exponent is read from the rounded text.
        guard let mark = scientific.lastIndex(of: "e"), let exponent = Int(scientific[scientific.index(after: mark)...])
        else { return scientific }
        guard (-4..<6).contains(exponent) else { return scientific }
        return String(format: "%.\(max(0, digits - 1 - exponent))f", value)
    }

    /// A number to so many decimals.
    static func fixed(_ value: Double, decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

    /// A round number on an axis, as short as it can be.
    public static func tick(_ value: Double, digits: Int = 6) -> String {
        String(format: "%.\(digits)g", value)
    }

    /// Round numbers on an axis, each as short as it can be without being called like another.
    static func ticks(_ values: [Double]) -> [String] {
        for digits in 6..<17 {
            let texts = values.map { tick($0, digits: digits) }
            if Set(texts).count == values.count { return texts }
        }
        return values.map { tick($0, digits: 17) }
    }

    /// A share as a percentage with two decimals.
    public static func percentage(_ share: Double) -> String {
        share.isFinite ? String(format: "%.2f%%", share * 100) : significant(share)
    }

    /// A whole number with its thousands set apart by commas.
    public static func grouped(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return significant(value) }
        let digits = String(Int(abs(value).rounded()))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 {
                text.append(",")
            }
            text.append(digit)
        }
        return value <= -0.5 ? "-" + text : text
    }

    /// A span of time in its two largest units: `48 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        let whole = Int(max(0, seconds).rounded())
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return pair(whole / 60, "min", whole % 60, "s")
        case ..<86400: return pair(whole / 3600, "h", whole % 3600 / 60, "min")
        default: return pair(whole / 86400, "d", whole % 86400 / 3600, "h")
        }
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }
}
