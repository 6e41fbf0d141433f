import Nouns

/// The numbers that a field allows.
public struct NumberRange: Sendable, Hashable {
    /// Whether only whole numbers are allowed.
    package let isWhole: Bool
    package let minimum: Double
    /// Whether the minimum itself is left out.
    package let isAbove: Bool
    package let maximum: Double?
    /// Whether the maximum itself is left out.
    package let isBelow: Bool
    /// What is computed with the number, and so has to fit the precision.
    package let use: NumberUse

    private init(
        isWhole: Bool = false, minimum: Double, isAbove: Bool = false, maximum: Double? = nil, isBelow: Bool = false,
        use: NumberUse = .itself
    ) {
        self.isWhole = isWhole
        self.minimum = minimum
        self.isAbove = isAbove
        self.maximum = maximum
        self.isBelow = isBelow
        self.use = use
    }

    /// Numbers in a closed range.
    public init(_ bounds: ClosedRange<Double>) {
        self.init(minimum: bounds.lowerBound, maximum: bounds.upperBound)
    }

    /// Whole numbers from `bounds.lowerBound` to `bounds.upperBound`.
    public static func whole(_ bounds: ClosedRange<Int>) -> NumberRange {
        NumberRange(isWhole: true, minimum: Double(bounds.lowerBound), maximum: Double(bounds.upperBound))
    }

    /// A number of things: 1 to a thousand million, so that products of a few of them fit an `Int`.
    public static let count = whole(1...1_000_000_000)
    /// Greater than 0.
    public static let positive = NumberRange(minimum: 0, isAbove: true)
    /// 0 or more.
    public static let nonNegative = NumberRange(minimum: 0)
    /// 0 or more and less than 1: a momentum, or the decay of an average.
    public static let decay = NumberRange(minimum: 0, maximum: 1, isBelow: true, use: .belowOne)
    /// As a decay, of what is averaged in `Double` whatever the precision.
    public static let preciseDecay = NumberRange(minimum: 0, maximum: 1, isBelow: true)
    /// Greater than 0, and so is its square.
    public static let squared = NumberRange(minimum: 0, isAbove: true, use: .squared)
    /// Greater than 0, and its exponential is finite.
    public static let exponentiated = NumberRange(minimum: 0, isAbove: true, use: .exponentiated)
    /// The logarithm of a scale that single precision is comfortable with.
    public static let scaling = NumberRange(minimum: -20, maximum: 20)
    /// From 0 to 1.
    public static let share = NumberRange(minimum: 0, maximum: 1)
    /// By what something shrinks: greater than 0, at most 1.
    public static let shrinkage = NumberRange(minimum: 0, isAbove: true, maximum: 1)

    /// More than nothing and less than all.
    public static let properShare = NumberRange(minimum: 0, isAbove: true, maximum: 1, isBelow: true)

    package func contains(_ value: JSONValue) -> Bool {
        guard let number = value.double, !isWhole || value.integer != nil else { return false }
        guard isAbove ? number > minimum : number >= minimum else { return false }
        guard let maximum else { return true }
        return isBelow ? number < maximum : number <= maximum
    }

    /// What is allowed, in words: "a whole number from 1 to 64".
    package var wording: String {
        let noun = isWhole ? "a whole number" : "a number"
        let lower = JSONValue(minimum).canonicalText
        guard let maximum else { return isAbove ? "\(noun) greater than \(lower)" : "\(noun), \(lower) or more" }
        let upper = JSONValue(maximum).canonicalText
        return "\(noun) \(isAbove ? "above" : "from") \(lower) \(isBelow ? "up to, not including," : "to") \(upper)"
    }

    package var schema: [String: JSONValue] {
        var schema: [String: JSONValue] = ["type": isWhole ? "integer" : "number"]
        schema[isAbove ? "exclusiveMinimum" : "minimum"] = JSONValue(minimum)
        if let maximum { schema[isBelow ? "exclusiveMaximum" : "maximum"] = JSONValue(maximum) }
        return schema
    }
}
