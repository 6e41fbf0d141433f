import JournalStore
import Nouns
import Wording

/// The trials of one of the experiments that are compared.
struct ExperimentTrials {
    let record: ExperimentRecord
    let label: String
    /// Those that are compared.
    let evaluations: [TrialRecord]
    /// The completed ones that prepared for them.
    let preparations: [TrialRecord]
    /// Which optimizers it has trained.
    let training: TrainedOptimizers
    /// What the comparison calls optimizers and problems, as far as that is not what the experiment calls them.
    var optimizerNames: [String: String] = [:]
    var problemNames: [String: String] = [:]

    var completed: [TrialRecord] { evaluations.filter { $0.results != nil } }

    func optimizer(of trial: TrialRecord) -> String { optimizerNames[trial.optimizer] ?? trial.optimizer }
    func problem(of trial: TrialRecord) -> String { problemNames[trial.problem] ?? trial.problem }

    /// Reads experiments, and finds names for what they have.
    ///
    /// - Throws: ``JournalError`` where there is no such experiment, one is given twice, or none has that problem.
    static func read(
        _ references: [String], in journal: Journal, compared: Set<TrialKindName>, problem: String?
    ) throws -> [ExperimentTrials] {
        let records = try references.map { try journal.experiment(named: $0) }
        if let twice = records.indices.first(where: { records[..<$0].map(\.id).contains(records[$0].id) }) {
            throw JournalError(
                .usage,
                "\(references[twice]) is the same version as another one of those to be compared, "
                    + "\(records[twice].name)@\(records[twice].hash.prefix(12)): give each once")
        }
        var experiments = try records.map { record in
            let trials = try journal.trials(of: record.id)
            let isAlone = records.count { $0.name == record.name } == 1
            return ExperimentTrials(
                record: record, label: isAlone ? record.name : "\(record.name)@\(record.hash.prefix(8))",
                evaluations: trials.filter { compared.contains($0.kind) },
                preparations: trials.filter { !compared.contains($0.kind) && $0.results != nil },
                training: TrainedOptimizers(try journal.learners(of: record.id)))
        }
        if experiments.count > 1 {
            nameOptimizers(&experiments)
            nameProblems(&experiments)
        }
        guard let problem else { return experiments }
        let known = experiments.flatMap { one in one.evaluations.map(one.problem).uniqued() }.uniqued()
        guard known.contains(problem) else {
            let names = experiments.map(\.label)
            throw JournalError(
                .missing,
                "\(names.joined(by: "and")) \(names.count == 1 ? "has" : "have") no problem \(problem)"
                    + "; \(names.count == 1 ? "its" : "their") problems are "
                    + (known.isEmpty ? "none" : known.joined(separator: ", ")))
        }
        return experiments.map { $0.only(problem) }
    }

    private func only(_ problem: String) -> ExperimentTrials {
        ExperimentTrials(
            record: record, label: label, evaluations: evaluations.filter { self.problem(of: $0) == problem },
            preparations: preparations.filter { self.problem(of: $0) == problem }, training: training,
            optimizerNames: optimizerNames, problemNames: problemNames)
    }

    /// Optimizers that would be called alike are told apart by their experiment.
    private static func nameOptimizers(_ experiments: inout [ExperimentTrials]) {
        let names = experiments.map { Set($0.evaluations.map(\.optimizer)) }
        for index in experiments.indices {
            for name in names[index] where names.count(where: { $0.contains(name) }) > 1 {
                experiments[index].optimizerNames[name] = "\(name) (\(experiments[index].label))"
            }
        }
    }

    /// A problem that an earlier experiment has too, under another name, is called as it is there.
    private static func nameProblems(_ experiments: inout [ExperimentTrials]) {
        var known: [String: String] = [:]
        var names: Set<String> = []
        for index in experiments.indices {
            let own = experiments[index].evaluations
            let ownNames = Set(own.map(\.problem))
            for trial in own where !names.contains(trial.problem) {
                guard let name = known[trial.problemSettings], !ownNames.contains(name) else { continue }
                experiments[index].problemNames[trial.problem] = name
            }
            names.formUnion(ownNames)
            for trial in own where known[trial.problemSettings] == nil {
                known[trial.problemSettings] = experiments[index].problem(of: trial)
            }
        }
    }
}
