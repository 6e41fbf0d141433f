import Formats
import Foundation

extension NumberUse {
    /// What becomes of a number in a precision; nil where it stays what the spec means.
    func fault(of number: Double, in precision: ExperimentSettings.Precision) -> String? {
        guard number != 0 else { return nil }
        let name = "\(precision.rawValue) precision"
        switch self {
        case .itself: return Self.rangeFault(number, in: precision).map { "which is \($0) in \(name)" }
        case .squared:
            return Self.rangeFault(number * number, in: precision).map { "whose square is \($0) in \(name)" }
        case .exponentiated:
            return Self.rangeFault(exp(number), in: precision).map { "whose exponential is \($0) in \(name)" }
        case .belowOne:
            let rounded = precision == .single ? Double(Float(number)) : number
            if rounded >= 1 { return "which is 1 in \(name)" }
            return Self.rangeFault(number, in: precision).map { "which is \($0) in \(name)" }
        }
    }

    /// Numbers below the least normal one lose digits, and some processors make them 0.
    private static func rangeFault(_ number: Double, in precision: ExperimentSettings.Precision) -> String? {
        let (least, greatest) =
            switch precision {
            case .single: (Double(Float.leastNormalMagnitude), Double(Float.greatestFiniteMagnitude))
            case .double: (Double.leastNormalMagnitude, Double.greatestFiniteMagnitude)
            }
        return abs(number) < least ? "0, or next to it," : abs(number) > greatest ? "infinite" : nil
    }

    /// What is allowed, in words.
    func wording(in precision: ExperimentSettings.Precision) -> String {
        let (least, greatest) = precision == .single ? ("1.2e-38", "3.4e38") : ("2.3e-308", "1.7e308")
        let numbers =
            switch self {
            case .itself: "between \(least) and \(greatest)"
            case .squared: "whose square is between \(least) and \(greatest)"
            case .exponentiated: "of at most \(precision == .single ? "88" : "709")"
            case .belowOne: "that is still below 1 when rounded"
            }
        return "in \(precision.rawValue) precision, one \(numbers)"
            + (precision == .single ? #" ("precision": "double" goes further)"# : "")
    }
}
