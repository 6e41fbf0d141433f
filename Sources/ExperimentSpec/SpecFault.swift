/// One thing wrong with a spec: where it stands, what was found there, and what is allowed.
public struct SpecFault: Sendable, Hashable, CustomStringConvertible {
    /// The spec's file as the caller named it, or the `--set` that brought the fault in.
    public var file: String
    /// Where in the spec: a JSON path such as `evaluation.optimizers[1].learningRate`, or, in a text that is
    /// not JSON, line and column. Empty for the spec as a whole.
    public var place: String
    /// What stands there.
    public var found: String
    /// What may stand there.
    public var allowed: String
    /// The nearest known name, where what was found looks like a slip.
    public var suggestion: String?

    public init(file: String, place: String, found: String, allowed: String, suggestion: String? = nil) {
        self.file = file
        self.place = place
        self.found = found
        self.allowed = allowed
        self.suggestion = suggestion
    }

    public var description: String {
        var text = file + ": "
        if !place.isEmpty { text += place + ": " }
        text += "found \(found); allowed: \(allowed)"
        if let suggestion { text += " (did you mean \"\(suggestion)\"?)" }
        return text
    }
}

/// All that is wrong with a spec, at least one fault.
public struct SpecError: Error, Sendable, Hashable, CustomStringConvertible {
    public var faults: [SpecFault]

    public init(_ faults: [SpecFault]) {
        self.faults = faults
    }

    /// One line a fault.
    public var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}
