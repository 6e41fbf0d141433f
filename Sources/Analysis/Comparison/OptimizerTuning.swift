import JournalStore
import Nouns

/// What was tried on tuning seeds for one optimizer on one problem, and what was chosen.
public struct OptimizerTuning: Sendable, Equatable {
    /// One combination of settings that was tried.
    public struct Candidate: Sendable, Equatable {
        /// The values of the tuned settings, in their order.
        public let values: [String]
        /// Infinite or NaN where a trial diverged.
        public let meanFinalLoss: Double
        /// How many trials it had.
        public let trials: Int
        /// How many of them diverged.
        public let diverged: Int
        /// Whether it was chosen.
        public let isChosen: Bool

        /// A candidate of these values.
        public init(values: [String], meanFinalLoss: Double, trials: Int, diverged: Int, isChosen: Bool) {
            self.values = values
            self.meanFinalLoss = meanFinalLoss
            self.trials = trials
            self.diverged = diverged
            self.isChosen = isChosen
        }
    }

    /// The settings in which candidates differ, by name, with their chosen values.
    public let settings: [TunedSetting]
    /// All candidates, in the order of the specification.
    public let candidates: [Candidate]

    /// Whether no candidate got through its trials, so that the choice means nothing.
    public var allDiverged: Bool { candidates.allSatisfy { !$0.meanFinalLoss.isFinite } }

    /// A tuning of these settings by these candidates.
    public init(settings: [TunedSetting], candidates: [Candidate]) {
        self.settings = settings
        self.candidates = candidates
    }

    /// Reads the choices of one problem and optimizer; nil where nothing was chosen, or there was no choice.
    ///
    /// - Parameter divergedTrials: How many trials of a candidate diverged, given its settings as JSON.
    init?(_ choices: [TuningChoice], divergedTrials: (_ candidate: String) -> Int) {
        let settings = choices.map { Self.settings(json: $0.candidate) }
        guard let chosen = choices.firstIndex(where: \.chosen) else { return nil }
        let names = settings[chosen].keys.sorted().filter { name in
            settings.contains { $0[name] != settings[chosen][name] }
        }
        guard !names.isEmpty else { return nil }
        self.settings = names.map { name in
            TunedSetting(
                name: name, value: settings[chosen][name] ?? "", candidates: settings.compactMap { $0[name] }.uniqued())
        }
        candidates = zip(choices, settings).map { choice, settings in
            Candidate(
                values: names.map { settings[$0] ?? "" }, meanFinalLoss: choice.meanFinalLoss, trials: choice.trials,
                diverged: divergedTrials(choice.candidate), isChosen: choice.chosen)
        }
    }

    private static func settings(json: String) -> [String: String] {
        (JSONValue(parsing: json)?.object ?? [:]).mapValues { $0.string ?? $0.canonicalText }
    }
}
