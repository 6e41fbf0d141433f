import JournalStore
import Nouns

/// The optimizers that an experiment has trained, as far as the trials that use them are concerned.
final class TrainedOptimizers {
    /// By the identity of the trial that trained each.
    private let replicates: [String: Replicate]
    /// The seed from which all of a number were trained; nil where a sweep has several.
    private let seeds: [Int: Int?]
    /// Settings are many trials' own, and read but once.
    private var read: [String: (kind: String?, trial: String?)] = [:]

    /// - Parameter trainings: the trials that trained them.
    init(_ trainings: [TrialRecord]) {
        replicates = trainings.reduce(into: [:]) {
            $0[$1.identity] = Replicate(number: $1.replicate ?? 1, seed: $1.seed)
        }
        seeds = Dictionary(grouping: trainings) { $0.replicate ?? 1 }.mapValues { trials in
            let seeds = Set(trials.map(\.seed))
            return seeds.count == 1 ? seeds.first : nil
        }
    }

    /// Whether a trial ran with an optimizer that was learned, and with which of those that its experiment trained.
    func origin(of trial: TrialRecord) -> (isLearned: Bool, replicate: Replicate?) {
        let settings = settings(of: trial)
        guard settings.kind == "trained" else { return (settings.kind == "stored", nil) }
        let number = trial.replicate ?? 1
        // What was tuned is recorded without the trial that trained it.
        let known = settings.trial.flatMap { replicates[$0] }
        return (true, known ?? Replicate(number: number, seed: seeds[number].flatMap(\.self)))
    }

    private func settings(of trial: TrialRecord) -> (kind: String?, trial: String?) {
        if let known = read[trial.optimizerSettings] { return known }
        let value = JSONValue(parsing: trial.optimizerSettings)
        let settings = (value?["kind"]?.string, value?["trial"]?.string)
        read[trial.optimizerSettings] = settings
        return settings
    }
}
