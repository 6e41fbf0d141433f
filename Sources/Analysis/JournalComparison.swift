import JournalStore

extension Comparison {
    /// Compares the optimizers of an experiment in a journal, over its completed evaluation trials.
    ///
    /// - Parameters:
    ///   - reference: `NAME`, which is its newest version, or `NAME@HASH`.
    ///   - problem: The one problem to compare on; nil for all.
    /// - Throws: ``JournalError`` where the journal has no such experiment, or the experiment no such problem.
    public init(_ reference: String, in journal: Journal, problem: String? = nil) throws {
        let experiment = try journal.experiment(named: reference)
        var trials = try journal.trials(of: experiment.id, kind: .evaluation)
        if let problem {
            let known = trials.map(\.problem).uniqued()
            guard known.contains(problem) else {
                let list = known.isEmpty ? "none" : known.joined(separator: ", ")
                throw JournalError(.missing, "\(experiment.name) has no problem \(problem); its problems are \(list)")
            }
            trials.removeAll { $0.problem != problem }
        }
        let outcomes = try trials.compactMap { trial in
            try trial.results.map { results in
                TrialOutcome(
                    problem: trial.problem, optimizer: trial.optimizer, seed: trial.seed,
                    finalLoss: results.finalLoss, testLoss: results.testLoss, accuracy: results.accuracy,
                    curve: try journal.points(trial: trial.id, metric: Metric.loss).values,
                    architecture: trial.architecture.flatMap(StudentArchitecture.init(recorded:)))
            }
        }
        let choices = try journal.tuningChoices(of: experiment.id)
        self.init(
            experiment: experiment.name, version: String(experiment.hash.prefix(12)), question: experiment.question,
            data: trials.compactMap(\.dataset).map(\.inWords).uniqued(),
            unfinishedTrials: trials.count { $0.results == nil && $0.status != .failed },
            failedTrials: trials.count { $0.status == .failed }, outcomes: outcomes
        ) { problem, optimizer in
            TunedSetting.chosen(among: choices.filter { $0.problem == problem && $0.optimizer == optimizer })
        }
    }
}

extension DatasetRecord {
    /// The dataset, where it came from, and what there is to know of it.
    fileprivate var inWords: String {
        "\(name), \(origin)" + (note.map { " (\($0))" } ?? "")
    }
}

extension Sequence where Element: Hashable {
    /// The elements without those that came before.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
