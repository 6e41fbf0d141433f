import Nouns

/// The fields of a checked object, defaults filled in.
///
/// What the format promises is there, so asking for a field it does not have, or by a wrong type, is a mistake in
/// the program and traps. Kinds of a vocabulary are read through this, without a type of their own.
public struct Settings: Sendable, Hashable {
    public let values: [String: JSONValue]

    public init(_ values: [String: JSONValue]) {
        self.values = values
    }

    public func integer(_ name: String) -> Int { given(integer(ifGiven: name), name) }
    public func number(_ name: String) -> Double { given(number(ifGiven: name), name) }
    public func text(_ name: String) -> String { given(text(ifGiven: name), name) }
    public func flag(_ name: String) -> Bool { given(values[name]?.boolean, name) }
    public func integers(_ name: String) -> [Int] { given(integers(ifGiven: name), name) }
    public func numbers(_ name: String) -> [Double] { given(numbers(ifGiven: name), name) }
    public func texts(_ name: String) -> [String] { given(values[name]?.array?.compactMap(\.string), name) }
    public func settings(_ name: String) -> Settings { given(settings(ifGiven: name), name) }
    public func list(_ name: String) -> [Settings] { given(list(ifGiven: name), name) }

    public func integer(ifGiven name: String) -> Int? { values[name]?.integer }
    public func number(ifGiven name: String) -> Double? { values[name]?.double }
    public func flag(ifGiven name: String) -> Bool? { values[name]?.boolean }
    public func text(ifGiven name: String) -> String? { values[name]?.string }
    public func integers(ifGiven name: String) -> [Int]? { values[name]?.array?.compactMap(\.integer) }
    public func numbers(ifGiven name: String) -> [Double]? { values[name]?.array?.compactMap(\.double) }
    public func list(ifGiven name: String) -> [Settings]? {
        values[name]?.array?.compactMap(\.object).map(Settings.init)
    }
    public func settings(ifGiven name: String) -> Settings? { values[name]?.object.map(Settings.init) }

    /// All fields as one JSON value.
    public var json: JSONValue { .object(values) }

    /// A choice of the format as the enumeration whose cases are spelled alike.
    public func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice {
        given(Choice(rawValue: text(name)), name)
    }

    public func choice<Choice: RawRepresentable<String>>(ifGiven name: String) -> Choice? {
        text(ifGiven: name).map { given(Choice(rawValue: $0), name) }
    }

    private func given<Value>(_ value: Value?, _ name: String) -> Value {
        guard let value else { preconditionFailure("the spec format has no such field as \(name) here") }
        return value
    }
}
