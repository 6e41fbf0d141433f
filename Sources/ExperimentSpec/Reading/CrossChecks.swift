import Formats
import Nouns
import Wording

/// The rules that hold between fields, checked on whatever fields are right by themselves: each kind of trials has its
/// own.
struct CrossChecks {
    private let vocabulary: Vocabulary
    private var checker: SpecChecker

    /// The faults between the fields of `filled`, which is `root` with defaults filled in, as far as `fieldFaults`
    /// let it be.
    static func faults(
        of filled: JSONValue, fieldFaults: [SpecFault], root: JSONValue, file: String, _ vocabulary: Vocabulary
    ) -> [SpecFault] {
        guard root.object != nil else { return [] }
        var checks = CrossChecks(vocabulary: vocabulary, checker: SpecChecker(file: file, root: root))
        checks.checkProblem()
        checks.checkThatSomethingIsAsked()
        let spec = CheckedObject(filled, given: root, at: .root) { path in
            fieldFaults.contains { $0.place(below: path.description) != nil }
        }
        for kind in vocabulary.trialKinds {
            for slip in kind.check(spec, vocabulary) { checks.checker.report(slip, in: .root) }
        }
        return checks.checker.faults
    }

    /// The problem is there, unless nothing that is asked for is about it.
    private mutating func checkProblem() {
        let given = checker.root
        let asked = vocabulary.trialKinds.filter { kind in kind.field(vocabulary).map { given[$0.name] != nil } ?? false
        }
        guard given["problem"] == nil, asked.isEmpty || asked.contains(where: \.needsProblem) else { return }
        checker.report(
            JSONPath.root.appending("problem"), found: "nothing",
            allowed: Format.union(vocabulary.namedProblems).wording)
    }

    private mutating func checkThatSomethingIsAsked() {
        // What was given with faults in it is not in `filled`, but it was given.
        let given = checker.root
        let names = vocabulary.fieldsOfKinds.map(\.name)
        guard names.allSatisfy({ given[$0] == nil }) else { return }
        let quoted = names.map { "\"\($0)\"" }
        if quoted.count == 2 {
            checker.report(.root, found: "neither \(quoted[0]) nor \(quoted[1])", allowed: "one of them, or both")
        } else {
            checker.report(.root, found: "none of \(quoted.joined(by: "and"))", allowed: "at least one of them")
        }
    }
}
