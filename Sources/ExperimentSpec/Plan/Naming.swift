import Nouns

/// What a spec calls its optimizers and problems, with all that may have to tell them apart.
///
/// Within a whole experiment, problem, optimizer and seed name one evaluation, at whichever points of a sweep it
/// stands. So what else an evaluation depends on (its steps, say) belongs to the problem here.
extension ExperimentSettings {
    var namedOptimizers: [Named] {
        (evaluation?.optimizers ?? []).map(named) + generations.map(namedTrainedOptimizer)
    }

    var namedProblems: [Named] {
        (evaluation?.problems ?? []).map(named) + (metaTraining == nil ? [] : [namedTrainingProblem])
    }

    /// The generations that meta-training makes; none without meta-training.
    package var generations: [Int] { metaTraining.map { Array(1...$0.generations) } ?? [] }

    /// The replicates of meta-training, the first is 1; nil alone where it trains one optimizer, which has no number.
    package var replicates: [Int?] {
        guard let count = metaTraining?.repeats, count > 1 else { return [nil] }
        return (1...count).map { $0 }
    }

    /// The optimizer that meta-training makes, as the evaluation calls it if it does.
    func namedTrainedOptimizer(generation: Int) -> Named {
        let evaluated = evaluation?.optimizers.first { self.generation(of: $0) == generation }
        return evaluated.map(named) ?? Named(name: "trained", content: trainedContent(generation))
    }

    /// Which generation an evaluated optimizer is; `nil` for what this spec does not train.
    package func generation(of optimizer: OptimizerSpec) -> Int? {
        guard case .trained(let generation) = optimizer.source else { return nil }
        return generation ?? generations.last ?? 1
    }

    /// The problem that meta-training sees, as the evaluation calls it if it is among its problems.
    var namedTrainingProblem: Named {
        let evaluated = evaluation?.problems.first { $0.json == problem.json }
        return named(evaluated ?? problem)
    }

    func named(_ optimizer: OptimizerSpec) -> Named {
        var content = generation(of: optimizer).map(trainedContent) ?? optimizer.json
        if let trained = content.object { content = .object(trained.merging(optimizer.adjustments) { $1 }) }
        if !optimizer.tunedSettings.isEmpty, let evaluation, var members = content.object {
            members["tuning"] = evaluation.settings.values["tuning"]
            content = .object(members)
        }
        return Named(name: optimizer.name, content: content)
    }

    /// What decides the behaviour of an optimizer that it evaluates, and how it is tuned.
    package func content(of optimizer: OptimizerSpec) -> JSONValue { named(optimizer).content }

    func named(_ problem: ProblemSpec) -> Named {
        var content = problem.json.object ?? [:]
        content["precision"] = settings.values["precision"]
        if let evaluation {
            content["steps"] = .integer(evaluation.steps)
            content["snapshotEvery"] = evaluation.snapshotEvery.map { .integer($0) }
        }
        return Named(name: problem.label, content: .object(content))
    }

    private func trainedContent(_ generation: Int) -> JSONValue {
        var content = settings.values.filter { ["metaTraining", "precision", "seed"].contains($0.key) }
        content["kind"] = "trained"
        content["problem"] = problem.json
        // Told only where there are several, so that what was recorded before there could be keeps its identity.
        if generations.count > 1 { content["generation"] = .integer(generation) }
        return .object(content)
    }

    /// The seeds of its trials.
    public var seeds: TrialSeeds { TrialSeeds(specSeed: seed) }
}

extension ProblemSpec {
    /// What it is called before it is told apart from others called alike.
    var label: String { name ?? kind }
}
