import Formats
import Nouns

extension LearnedOptimizerSpec {
    /// Reads the settings of a learned optimizer that was kept somewhere, and fills in what has since got a default.
    ///
    /// - Parameters:
    ///   - text: one object, as `metaTraining.optimizer` of a spec.
    ///   - file: what messages call the place where it was kept.
    ///   - vocabulary: the kinds that it may name.
    /// - Throws: all faults of the settings at once.
    public init(_ text: String, file: String, vocabulary: Vocabulary) throws(SpecError) {
        let document = try JSONReader.read(Array(text.utf8), file: file)
        var checker = SpecChecker(file: file, settings: document.value)
        let filled = checker.check(
            document.value, against: .union(vocabulary.learnedOptimizers + [vocabulary.groupedOptimizer]), at: .root)
        guard checker.faults.isEmpty, let members = filled?.object else { throw SpecError(checker.faults) }
        self.init(settings: Settings(members))
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
