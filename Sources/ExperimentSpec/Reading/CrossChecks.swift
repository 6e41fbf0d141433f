import Nouns
import Wording

/// The rules that hold between fields, checked on whatever fields are right by themselves.
struct CrossChecks {
    /// The most trials a spec may ask for; a million is far beyond what a journal is for, and mostly a slip.
    static let mostTrials = 1_000_000
    static let mostCandidates = 10_000

    let filled: JSONValue
    /// What is wrong with fields by themselves.
    private let fieldFaults: [SpecFault]
    let vocabulary: Vocabulary
    var checker: SpecChecker

    /// The faults between the fields of `filled`, which is `root` with defaults filled in, as far as `fieldFaults`
    /// let it be.
    static func faults(
        of filled: JSONValue, fieldFaults: [SpecFault], root: JSONValue, file: String, _ vocabulary: Vocabulary
    ) -> [SpecFault] {
        guard root.object != nil else { return [] }
        var checks = CrossChecks(
            filled: filled, fieldFaults: fieldFaults, vocabulary: vocabulary,
            checker: SpecChecker(file: file, root: root))
        checks.checkThatSomethingIsAsked()
        checks.checkUnrollLength()
        checks.checkParameterGroups()
        checks.checkCurriculum()
        checks.checkRandomScaling()
        checks.checkWork()
        checks.checkTrained()
        checks.checkOptimizers()
        checks.checkProblems()
        checks.checkDerivatives()
        checks.checkSecondDerivatives()
        return checks.checker.faults
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

    private mutating func checkParameterGroups() {
        filled["metaTraining"]?["parameterGroups"]?.array.map {
            checker.checkParameterGroups($0, at: Self.metaTraining.appending("parameterGroups"), vocabulary)
        }
    }

    private mutating func checkUnrollLength() {
        guard let training = filled["metaTraining"], let steps = training["steps"]?.integer,
            let length = training["unrollLength"]?.integer, !steps.isMultiple(of: length)
        else { return }
        let isGiven = checker.root["metaTraining"]?["unrollLength"] != nil
        let found =
            isGiven ? "\(length), which does not divide" : "nothing, and its default of \(length) does not divide"
        checker.report(
            Self.metaTraining.appending("unrollLength"), found: "\(found) metaTraining.steps",
            allowed: "for \(counted(steps, "step")), \(Self.wordingOfDivisors(of: steps, near: length))")
    }

    private mutating func checkTrained() {
        guard checker.root["metaTraining"] == nil else { return checkGenerations() }
        for (index, optimizer) in optimizers.enumerated() where optimizer["kind"] == "trained" {
            checker.report(
                Self.optimizers.appending(index).appending("kind"),
                found: "\"trained\" in a spec without \"metaTraining\"",
                allowed: "a stored or a hand-designed optimizer, or a \"metaTraining\" that makes one")
        }
    }

    private mutating func checkGenerations() {
        let generations = filled["metaTraining"]?["generations"]?.integer ?? 1
        for (index, optimizer) in optimizers.enumerated() {
            guard let generation = optimizer["generation"]?.integer, generation > generations else { continue }
            checker.report(
                Self.optimizers.appending(index).appending("generation"), found: "\(generation)",
                allowed: "at most metaTraining.generations, which is \(generations)")
        }
    }

    private mutating func checkOptimizers() {
        for (index, optimizer) in optimizers.enumerated() where optimizer.object != nil {
            let path = Self.optimizers.appending(index)
            if let first = optimizers[..<index].firstIndex(of: optimizer), isRight(path) {
                checker.report(
                    path, found: "the same as \(Self.optimizers.appending(first))",
                    allowed: "optimizers that differ in a setting or in \"name\"")
            }
            let grids = optimizer.object?.values.compactMap { $0["tune"]?.array?.count } ?? []
            if grids.reduce(1.0, { $0 * Double($1) }) > Double(Self.mostCandidates) {
                checker.report(
                    path, found: "more than \(Self.mostCandidates) combinations of tuned settings",
                    allowed: "at most \(Self.mostCandidates)")
            }
        }
    }

    private mutating func checkProblems() {
        let problems = filled["evaluation"]?["problems"]?.array ?? []
        let names = (checker.root["evaluation"]?["problems"]?.array ?? []).map { $0["name"]?.string }
        for (index, problem) in problems.enumerated() where problem.object != nil {
            let path = Self.problems.appending(index)
            if names.indices.contains(index), let name = names[index],
                let first = names[..<index].firstIndex(of: name)
            {
                checker.report(
                    path.appending("name"), found: "\"\(name)\", which \(Self.problems.appending(first)) is called",
                    allowed: "a name of its own")
            } else if let first = problems[..<index].firstIndex(of: problem), isRight(path) {
                checker.report(
                    path, found: "the same as \(Self.problems.appending(first))",
                    allowed: "problems that differ in a field or in \"name\"")
            }
        }
    }

    /// Whether nothing at or below the path is missing from `filled` for a fault of its own.
    private func isRight(_ path: JSONPath) -> Bool {
        !fieldFaults.contains { $0.place(below: path.description) != nil }
    }

    private var optimizers: [JSONValue] { filled["evaluation"]?["optimizers"]?.array ?? [] }

    static let metaTraining = JSONPath.root.appending("metaTraining")
    private static let optimizers = JSONPath.root.appending("evaluation").appending("optimizers")
    private static let problems = JSONPath.root.appending("evaluation").appending("problems")

    /// All divisors, or the dozen nearest to `length` where there are more.
    private static func wordingOfDivisors(of steps: Int, near length: Int) -> String {
        let small = (1...Int(Double(steps).squareRoot())).filter { steps.isMultiple(of: $0) }
        let all = Set(small + small.map { steps / $0 }).sorted()
        let nearest = all.sorted { abs($0 - length) < abs($1 - length) }.prefix(12).sorted()
        return (all.count > nearest.count ? "for example " : "") + nearest.map(String.init).joined(by: "or")
    }
}
