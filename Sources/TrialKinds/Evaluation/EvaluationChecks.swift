import ExperimentSpec
import Formats
import Nouns

/// What must hold between the fields of an evaluation, and between them and what is learned.
struct EvaluationChecks {
    static let mostCandidates = 10_000

    private let evaluation: CheckedPart
    private var spec: CheckedObject { evaluation.spec }

    init(_ spec: CheckedObject) {
        evaluation = CheckedPart(spec, "evaluation")
    }

    var slips: [Slip] { learned + repeatedOptimizers + repeatedProblems + schedules + budget }

    private var optimizers: [JSONValue] { evaluation.value["optimizers"]?.array ?? [] }

    /// What is compared as learned is learned.
    private var learned: [Slip] {
        guard spec.given["metaTraining"] != nil else {
            return optimizers.indices.filter { optimizers[$0]["kind"] == "trained" }.map { index in
                evaluation.slip(
                    .key("optimizers"), .index(index), .key("kind"),
                    found: "\"trained\" in a spec without \"metaTraining\"",
                    allowed: "a stored or a hand-designed optimizer, or a \"metaTraining\" that makes one")
            }
        }
        let generations = spec.value["metaTraining"]?["generations"]?.integer ?? 1
        return optimizers.enumerated().compactMap { index, optimizer in
            guard let generation = optimizer["generation"]?.integer, generation > generations else { return nil }
            return evaluation.slip(
                .key("optimizers"), .index(index), .key("generation"), found: "\(generation)",
                allowed: "at most metaTraining.generations, which is \(generations)")
        }
    }

    private var repeatedOptimizers: [Slip] {
        let list = JSONPath.Component.key("optimizers")
        return optimizers.enumerated().filter { $1.object != nil }.flatMap { index, optimizer in
            var slips: [Slip] = []
            if let first = optimizers[..<index].firstIndex(of: optimizer), isRight(list, index) {
                slips.append(
                    evaluation.slip(
                        list, .index(index), found: "the same as \(path(list, first))",
                        allowed: "optimizers that differ in a setting or in \"name\""))
            }
            let lists = optimizer.object?.values.compactMap { $0["tune"]?.array?.count } ?? []
            let points = optimizer.isSearched ? evaluation.value["tuning"]?["budget"]?.integer ?? 1 : 1
            if lists.reduce(Double(points), { $0 * Double($1) }) > Double(Self.mostCandidates) {
                slips.append(
                    evaluation.slip(
                        list, .index(index), found: "more than \(Self.mostCandidates) combinations of tuned settings",
                        allowed: "at most \(Self.mostCandidates)"))
            }
            return slips
        }
    }

    /// What is searched has a number of candidates, and nothing else has.
    private var budget: [Slip] {
        let searched = optimizers.indices.filter { optimizers[$0].isSearched && isRight(.key("optimizers"), $0) }
        let given = evaluation.given["tuning"]?["budget"]
        let place: [JSONPath.Component] = [.key("evaluation"), .key("tuning"), .key("budget")]
        if let first = searched.first, given == nil {
            return [
                Slip(
                    at: place, found: "nothing",
                    allowed: "how many candidates to search with, 32 for example, as ranges of "
                        + "\(path(.key("optimizers"), first)) are to be searched")
            ]
        }
        if let given, !optimizers.contains(where: \.isSearched) {
            return [
                Slip(
                    at: place, found: given.canonicalText,
                    allowed: "none, as no optimizer has a range to search: {\"tune\": {\"low\": ..., \"high\": ...}}")
            ]
        }
        return []
    }

    /// What a learning rate does, it does within the evaluation.
    private var schedules: [Slip] {
        let steps = evaluation.value["steps"]?.integer ?? .max
        return optimizers.enumerated().flatMap { index, optimizer -> [Slip] in
            guard let schedule = optimizer["schedule"] else { return [] }
            let place: [JSONPath.Component] = [.key("optimizers"), .index(index), .key("schedule")]
            var given: [(place: [JSONPath.Component], schedule: JSONValue)] = [([], schedule)]
            if let tried = schedule["tune"]?.array {
                given = tried.enumerated().map { ([.key("tune"), .index($0)], $1) }
            }
            return given.compactMap { inner, schedule in
                guard let warmup = schedule["warmup"]?.integer, warmup >= steps else { return nil }
                return Slip(
                    at: [.key("evaluation")] + place + inner + [.key("warmup")], found: "\(warmup)",
                    allowed: "less than evaluation.steps, which is \(steps)")
            }
        }
    }

    private var repeatedProblems: [Slip] {
        let list = JSONPath.Component.key("problems")
        let problems = evaluation.value["problems"]?.array ?? []
        let names = (evaluation.given["problems"]?.array ?? []).map { $0["name"]?.string }
        return problems.enumerated().filter { $1.object != nil }.compactMap { index, problem in
            if names.indices.contains(index), let name = names[index],
                let first = names[..<index].firstIndex(of: name)
            {
                return evaluation.slip(
                    list, .index(index), .key("name"), found: "\"\(name)\", which \(path(list, first)) is called",
                    allowed: "a name of its own")
            }
            guard let first = problems[..<index].firstIndex(of: problem), isRight(list, index) else { return nil }
            return evaluation.slip(
                list, .index(index), found: "the same as \(path(list, first))",
                allowed: "problems that differ in a field or in \"name\"")
        }
    }

    private func isRight(_ list: JSONPath.Component, _ index: Int) -> Bool {
        spec.isRight(.key("evaluation"), list, .index(index))
    }

    private func path(_ list: JSONPath.Component, _ index: Int) -> String {
        spec.path(of: .key("evaluation"), list, .index(index))
    }
}

extension JSONValue {
    /// Whether an optimizer has a setting of which a range is searched.
    fileprivate var isSearched: Bool { object?.values.contains { $0["tune"]?.object != nil } ?? false }
}
