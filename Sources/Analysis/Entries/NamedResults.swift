import JournalStore
import Nouns

/// What the completed trials of one kind, problem and optimizer came to, by the names of their results.
public struct NamedResults: Sendable, Equatable {
    public let kind: TrialKindName
    public let problem: String
    public let optimizer: String
    public let trials: Int
    public let diverged: Int
    /// In alphabetical order of their names.
    public let values: [(metric: Metric, summary: SampleSummary)]

    public static func == (a: NamedResults, b: NamedResults) -> Bool {
        a.kind == b.kind && a.problem == b.problem && a.optimizer == b.optimizer && a.trials == b.trials
            && a.diverged == b.diverged && a.values.elementsEqual(b.values, by: ==)
    }

    /// In the order in which they first appear.
    static func all(of trials: [TrialRecord]) -> [NamedResults] {
        struct Group: Hashable {
            let kind: TrialKindName
            let problem: String
            let optimizer: String
        }
        var groups: [Group] = []
        var results: [Group: [TrialResults]] = [:]
        for trial in trials {
            guard let result = trial.results else { continue }
            let group = Group(kind: trial.kind, problem: trial.problem, optimizer: trial.optimizer)
            if results[group] == nil { groups.append(group) }
            results[group, default: []].append(result)
        }
        return groups.map { group in
            let results = results[group] ?? []
            let metrics = Set(results.flatMap(\.values.keys)).sorted { $0.rawValue < $1.rawValue }
            return NamedResults(
                kind: group.kind, problem: group.problem, optimizer: group.optimizer, trials: results.count,
                diverged: results.count(where: \.isDiverged),
                values: metrics.map { metric in (metric, SampleSummary(results.compactMap { $0[metric] })) })
        }
    }
}
