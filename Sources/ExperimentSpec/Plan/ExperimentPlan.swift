import Formats
import Nouns
import Wording

/// All trials of an experiment.
public struct ExperimentPlan: Sendable, Hashable {
    /// A point of the sweep and its trials; points share the trials that are the same in both.
    public struct Point: Sendable, Hashable {
        /// What the sweep sets here; empty without a sweep.
        public let values: [SweepValue]
        /// The identities of its trials.
        public let trials: [String]
    }

    /// The experiment's name.
    public let name: String
    /// The hash of its spec.
    public let hash: String
    public let points: [Point]
    /// Kind by kind, each after those that it needs; in each, by point, problem, optimizer, candidate and seed.
    public let trials: [TrialDescription]

    /// Whether some trials are planned only when those that they follow from are completed.
    public var isOpen: Bool { trials.contains { $0.optimizer.isOpen } }

    /// What is to be done, for a person to read: how many trials of each kind, then one line a trial.
    public var listing: String {
        let counts = kinds.map { kind in "\(trials.count { $0.kind == kind }) \(kind)" }
        var lines = [
            "\(name)@\(hash.prefix(12)): \(counted(trials.count, "trial")) (\(counts.joined(separator: ", ")))"
        ]
        for (index, point) in points.enumerated() where !point.values.isEmpty {
            let values = point.values.map { "\($0.path) = \($0.value.canonicalText)" }
            lines.append("point \(index): \(values.joined(separator: ", ")) (\(counted(point.trials.count, "trial")))")
        }
        // A column of its own only where there are several replicates.
        let replicates = trials.contains { $0.replicate != nil }
        var rows = [
            ["trial", "kind", "problem", "optimizer"] + (replicates ? ["replicate"] : [])
                + ["seed", "steps", "candidate"]
        ]
        lines += seedlessProblems.map { "\($0): the seed changes nothing, so one trial stands for all repeats" }
        lines += growth.map { "\($0), which means further trials" }
        let candidates = candidateLabels
        rows += trials.map { trial in
            [
                "\(trial.index)", "\(trial.kind)", trial.problemLabel, trial.optimizerLabel,
            ] + (replicates ? [trial.replicate.map(String.init) ?? ""] : [])
                + ["\(trial.seed)", "\(trial.steps)", candidates[trial.id] ?? ""]
        }
        return (lines + Self.aligned(rows)).joined(separator: "\n") + "\n"
    }

    /// The kinds of its trials, in their order.
    private var kinds: [TrialKindName] {
        trials.reduce(into: []) { kinds, trial in
            if kinds.last != trial.kind { kinds.append(trial.kind) }
        }
    }

    /// The labels of problems on which one trial stands for several.
    public var seedlessProblems: [String] {
        trials.filter { $0.standsFor > 1 }.map(\.problemLabel).reduce(into: []) { labels, label in
            if !labels.contains(label) { labels.append(label) }
        }
    }

    /// What tuning may come to try beside, a line each.
    public var growth: [String] {
        trials.reduce(into: []) { lines, trial in
            guard case .tuned(let group) = trial.optimizer, group.isOpen else { return }
            let lists = group.growing.sorted { $0.key < $1.key }.map { "\($0.key) up to \(counted($0.value, "time"))" }
            let line =
                "tuning \(trial.optimizerLabel) on \(trial.problemLabel): a list whose best lies at its edge grows ("
                + lists.joined(separator: ", ") + ")"
            if !lines.contains(line) { lines.append(line) }
        }
    }

    /// For each tuning trial, the settings that it tries.
    private var candidateLabels: [String: String] {
        var labels: [String: String] = [:]
        for case .tuned(let group) in trials.map(\.optimizer) {
            for candidate in group.candidates {
                for trial in candidate.trials { labels[trial] = candidate.label }
            }
        }
        return labels
    }

    private static func aligned(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension ExperimentSpec {
    /// The trials that the spec asks for.
    ///
    /// The same spec and the same knowledge give the same trials in the same order, and more knowledge the same trials and
    /// perhaps others. A trial that several points of a sweep have in common is planned once.
    ///
    /// - Parameters:
    ///   - vocabulary: what the spec was read with, the kinds of trials among it.
    ///   - knowledge: what trials have come to so far.
    ///   - isSeedless: whether a problem is the same whatever the seed, so that one trial of an optimizer on it stands for
    ///     all its repeats.
    public func expanded(
        with vocabulary: Vocabulary, knowing knowledge: PlanKnowledge = .nothing,
        isSeedless: (ProblemSpec) -> Bool = { _ in false }
    ) -> ExperimentPlan {
        let problems = Set(points.flatMap { $0.settings.evaluation?.problems ?? [] })
        var planner = Planner(points, vocabulary, knowing: knowledge, seedless: problems.filter(isSeedless))
        let trialsOfPoints = points.map { planner.plan($0) }
        return ExperimentPlan(
            name: name, hash: hash,
            points: zip(points, trialsOfPoints).map { ExperimentPlan.Point(values: $0.values, trials: $1) },
            trials: planner.orderedTrials)
    }
}
