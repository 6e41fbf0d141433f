import Nouns

/// What a begun trial may tell. None of these waits for the disk; ``JournalWriter/flush()`` does.
extension JournalWriter {
    /// Tells one point of a curve.
    public func point(_ trial: Int64, _ metric: Metric, step: Int, _ value: Float) {
        tell(.point(trial: trial, metric: metric.rawValue, step: step, value: .single(value)))
    }

    /// Tells one point of a curve.
    public func point(_ trial: Int64, _ metric: Metric, step: Int, _ value: Double) {
        tell(.point(trial: trial, metric: metric.rawValue, step: step, value: .double(value)))
    }

    /// Tells points at steps `firstStep`, `firstStep + stride`, ….
    public func points(_ trial: Int64, _ metric: Metric, firstStep: Int, stride: Int = 1, _ values: [Float]) {
        tell(.floats(trial: trial, metric: metric.rawValue, firstStep: firstStep, stride: stride, values: values))
    }

    /// Tells points at steps `firstStep`, `firstStep + stride`, ….
    public func points(_ trial: Int64, _ metric: Metric, firstStep: Int, stride: Int = 1, _ values: [Double]) {
        tell(.doubles(trial: trial, metric: metric.rawValue, firstStep: firstStep, stride: stride, values: values))
    }

    /// Tells the optimizee's parameters at a step; told again for the same step, the last stands.
    public func snapshot(_ trial: Int64, step: Int, _ parameters: [NamedTensor]) {
        tell(.snapshot(trial: trial, step: step, parameters: parameters))
    }

    /// Replaces the trial's checkpoint. All that was told before belongs to it: a resumed trial finds its
    /// curves as they were here.
    public func checkpoint(_ trial: Int64, _ checkpoint: Checkpoint) {
        tell(.checkpoint(trial: trial, checkpoint))
    }

    /// Keeps a learned optimizer; told again under the same name by the same trial, the last stands.
    public func learnedOptimizer(_ trial: Int64, _ optimizer: LearnedOptimizerRecord) {
        tell(.learnedOptimizer(trial: trial, optimizer))
    }

    /// Keeps the candidates of a tuning sweep and the choice among them; told again, the last stands.
    public func tuningChoices(experiment: Int64, _ choices: [TuningChoice]) {
        tell(.tuningChoices(experiment: experiment, choices))
    }

    /// Ends a trial well. Its checkpoint is dropped.
    public func complete(_ trial: Int64, _ results: TrialResults) {
        tell(.completed(trial: trial, results))
    }

    /// Ends a trial that could not go on.
    public func fail(_ trial: Int64, _ message: String) {
        tell(.stopped(trial: trial, .failed, message: message))
    }

    /// Ends a trial before its time; it can be begun again.
    public func interrupt(_ trial: Int64) {
        tell(.stopped(trial: trial, .interrupted, message: nil))
    }

    /// Gives a trial back that was claimed and not begun: it is as it was before.
    public func release(_ trial: Int64) {
        tell(.released(trial: trial))
    }
}
