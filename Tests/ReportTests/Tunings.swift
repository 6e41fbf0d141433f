import Analysis

extension OptimizerTuning {
    /// A tuned learning rate, with the mean final loss of each value tried on five trials, all of which diverged where
    /// it is infinite.
    static func learningRate(_ losses: KeyValuePairs<String, Double>, chosen: String) -> OptimizerTuning {
        OptimizerTuning(
            settings: [TunedSetting(name: "learningRate", value: chosen, candidates: losses.map(\.key))],
            candidates: losses.map { value, loss in
                Candidate(
                    values: [value], meanFinalLoss: loss, trials: 5, diverged: loss.isFinite ? 0 : 5,
                    isChosen: value == chosen)
            })
    }
}
