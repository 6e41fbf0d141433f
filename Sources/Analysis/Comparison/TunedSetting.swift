import Foundation

/// A setting of an optimizer that tuning chose.
public struct TunedSetting: Sendable, Equatable {
    /// Which end of its grid a chosen value lies on: there may be a better one beyond.
    public enum Edge: String, Sendable {
        case smallest, largest
    }

    /// The setting's name in the specification, such as `learningRate`.
    public let name: String
    /// The value with the lowest mean final loss on the tuning seeds, as JSON has it.
    public let value: String
    /// All values that were tried, `value` among them, in the order of the specification.
    public let candidates: [String]

    /// A setting with its value and what it was chosen from.
    public init(name: String, value: String, candidates: [String]) {
        self.name = name
        self.value = value
        self.candidates = candidates
    }

    /// The end of the grid on which the value lies; nil inside it, and where the values are no numbers or only one.
    public var edge: Edge? {
        let numbers = candidates.compactMap(Double.init)
        guard numbers.count == candidates.count, numbers.count > 1, let chosen = Double(value) else { return nil }
        if chosen == numbers.max() { return .largest }
        return chosen == numbers.min() ? .smallest : nil
    }
}
