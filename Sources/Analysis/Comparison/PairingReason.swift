import Nouns

extension OptimizerSample {
    /// The most settings that are named.
    private static let mostDifferences = 3

    /// Why the trials of another experiment's optimizer are no pairs with these, as a sentence without its stop; nil where both are of one experiment,
    /// whose trials without a seed in common are not compared at all.
    func whyUnpaired(with other: OptimizerSample) -> String? {
        guard let mine = trials.first, let theirs = other.trials.first, mine.experiment != theirs.experiment else {
            return nil
        }
        let (one, other) = mine.experiment < theirs.experiment ? (mine, theirs) : (theirs, mine)
        let start = "trials of \(one.experiment) and \(other.experiment) are no pairs: "
        guard one.setting != other.setting, let old = JSONValue(parsing: one.setting),
            let new = JSONValue(parsing: other.setting)
        else { return start + "they have no seed in common" }
        let differences = new.differences(from: old)
        let named = differences.prefix(Self.mostDifferences).map { difference in
            guard difference.path.description != "data" else { return "the data" }
            let values = [(difference.old, one), (difference.new, other)].map { value, trial in
                "\(value?.wording ?? "not given") in \(trial.experiment)"
            }
            return "\(difference.path) (\(values.joined(separator: ", ")))"
        }
        let more = differences.count - Self.mostDifferences
        return start + "they differ in \(named.joined(separator: ", "))"
            + (more > 0 ? " and \(more) more settings" : "")
    }
}
