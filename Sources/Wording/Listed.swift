extension [String] {
    /// `"a", "b" or "c"`.
    public var wordingOfChoice: String { map { "\"\($0)\"" }.joined(by: "or") }

    /// `a, b and c`.
    public func joined(by conjunction: String) -> String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
    }
}
