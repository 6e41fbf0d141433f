import Nouns

extension LearnedOptimizerSpec {
    /// Reads the settings of a learned optimizer that was kept somewhere, and fills in what has since got a default.
    ///
    /// - Parameters:
    ///   - text: one object, as `metaTraining.optimizer` of a spec.
    ///   - file: what messages call the place where it was kept.
    /// - Throws: all faults of the settings at once.
    public init(_ text: String, file: String) throws(SpecError) {
        let document = try JSONReader.read(Array(text.utf8), file: file)
        var checker = SpecChecker(file: file, settings: document.value)
        let filled = checker.check(
            document.value, against: .union(Vocabulary.learnedOptimizers + [Vocabulary.groupedOptimizer]), at: .root)
        filled.map { checker.checkLearnedOptimizer($0, at: .root) }
        guard checker.faults.isEmpty, let members = filled?.object else { throw SpecError(checker.faults) }
        self.init(settings: Settings(members))
    }
}

extension SpecChecker {
    /// Checks what must hold between the fields of a learned optimizer, as far as each is right by itself.
    mutating func checkLearnedOptimizer(_ filled: JSONValue, at path: JSONPath) {
        filled["parameterGroups"]?.array.map {
            checkParameterGroups($0, at: path.appending("parameterGroups"))
        }
        let inputs = filled["inputs"]?.array ?? []
        for (index, input) in inputs.enumerated() where inputs[..<index].contains(input) {
            report(
                path.appending("inputs").appending(index), found: "\(input.wording) again", allowed: "each input once")
        }
        let fewest = (filled["layers"]?.array ?? []).compactMap(\.integer).min()
        if let cells = filled["averagingCells"]?.integer, let fewest, cells > fewest {
            report(
                path.appending("averagingCells"), found: "\(cells), more than a layer has units",
                allowed: "at most \(fewest)")
        }
    }
}

extension SpecChecker {
    /// Something is learned in the groups, and each can come to be used.
    mutating func checkParameterGroups(_ groups: [JSONValue], at path: JSONPath) {
        let rules = Vocabulary.updateRules.map(\.name)
        let kinds = groups.compactMap { $0["optimizer"]?["kind"]?.string }
        if kinds.count == groups.count, kinds.allSatisfy(rules.contains) {
            report(
                path, found: "hand-designed optimizers alone",
                allowed: "a learned one in at least one group: \(Vocabulary.learnedOptimizers.names.wordingOfChoice)")
        }
        for (index, group) in groups.enumerated() {
            group["optimizer"].map {
                checkLearnedOptimizer($0, at: path.appending(index).appending("optimizer"))
            }
            if let match = group["match"], let first = groups[..<index].firstIndex(where: { $0["match"] == match }) {
                report(
                    path.appending(index).appending("match"),
                    found: "\(match.wording), which \(path.appending(first)) matches before it",
                    allowed: "a pattern of its own")
            }
        }
    }
}

extension ExperimentSpec {
    /// Whether an experiment may be called so.
    public static func isName(_ name: String) -> Bool { TextRule.name.allows(name) }

    /// What an experiment may be called, in words.
    public static var wordingOfNames: String { TextRule.name.wording }
}

extension JSONReader {
    /// Reads a document; tells a slip as a fault of the file.
    static func read(_ bytes: [UInt8], file: String) throws(SpecError) -> JSONDocument {
        do {
            return try read(bytes)
        } catch {
            throw SpecError([
                SpecFault(
                    file: file, place: "line \(error.line), column \(error.column)", found: error.found,
                    allowed: error.allowed)
            ])
        }
    }
}
