import JournalStore

/// Trials of one seed on one problem that saw different data, and so are no pair.
struct MixedData {
    let problem: String
    let seed: Int
    /// The data of all the problem's trials on such seeds.
    let uses: [Provenance.DatasetUse]

    /// Looks through completed evaluation trials; nil where all that have problem and seed in common saw the same data.
    ///
    /// In a list of datasets each seed draws one, so that other seeds may see other data.
    init?(in trials: [TrialRecord]) {
        struct Place: Hashable {
            let problem: String
            let seed: Int
        }
        var checksums: [Place: String] = [:]
        var mixed: Set<Place> = []
        for trial in trials {
            guard let checksum = trial.dataset?.checksum else { continue }
            let place = Place(problem: trial.problem, seed: trial.seed)
            if checksums.updateValue(checksum, forKey: place) ?? checksum != checksum { mixed.insert(place) }
        }
        guard let first = trials.first(where: { mixed.contains(Place(problem: $0.problem, seed: $0.seed)) }) else {
            return nil
        }
        problem = first.problem
        seed = first.seed
        uses =
            trials.filter { [problem] in
                $0.problem == problem && mixed.contains(Place(problem: problem, seed: $0.seed))
            }.datasetUses
    }

    /// The refusal to compare them, with the ways on.
    ///
    /// - Parameter versions: Other versions of the experiment, as `NAME@HASH`.
    func error(experiment: String, otherVersions versions: [String]) -> JournalError {
        let list = uses.map { use in
            "\(use.dataset.inWords), checksum \(use.dataset.checksum.prefix(12)) "
                + "(\(use.trials == 1 ? "1 trial" : "\(use.trials) trials"))"
        }
        let other = versions.isEmpty ? "" : ", or compare another version: \(versions.joined(separator: ", "))"
        return JournalError(
            .badData,
            "\(experiment): on problem \(problem), trials of the same seed saw different data, so they are no pairs: "
                + "\(list.joined(separator: "; ")). Run the spec again with --fresh, which computes all trials on one "
                + "of them\(other)")
    }
}
