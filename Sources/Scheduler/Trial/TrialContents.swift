import ExperimentSpec
import JournalStore
import Nouns
import Registry

/// Knows trials by what decides their results, bit for bit: trials of one content have the same, whatever they and
/// their experiments are called.
///
/// That is the problem with its data, the optimizer, the seed, how the trial is run, and what computes it. A learned
/// optimizer counts by the trial that learned it or, from the journal, by its weights; a tuned one by its candidates
/// and the trials that tried them, once it is settled which they are. Hashes are kept of all trials that were asked for, so those that others depend on
/// are to be asked for first.
struct TrialContents: Sendable {
    private let programVersion: String
    private let datasets: TrialDatasets
    private let stored: [String: String]
    /// By the trials' identities.
    private var hashes: [String: String] = [:]
    /// Of the trial before: those that differ in the seed alone come together.
    private var lastShared: SharedContent?

    /// - Parameters:
    ///   - programVersion: the version of what computes them.
    ///   - datasets: the trials' data, by whose checksums it counts.
    ///   - stored: the learned optimizers of other experiments, by the names that the spec has for them.
    init(
        programVersion: String, datasets: TrialDatasets, stored: [String: StoredOptimizer]
    ) {
        self.programVersion = programVersion
        self.datasets = datasets
        self.stored = stored.mapValues(\.contentHash)
    }

    /// The content of a trial that this process is to compute, in hexadecimal; nil where its data is not loaded, or
    /// where that of a trial it depends on is not known.
    mutating func hash(of trial: TrialDescription) -> String? {
        let hash = makeHash(of: trial)
        if let before = hashes[trial.id], before != hash { lastShared = nil }
        hashes[trial.id] = hash
        return hash
    }

    /// Keeps what a completed trial's content really was: another process may compute otherwise.
    mutating func keep(_ hash: String?, of trial: String) {
        guard hashes[trial] != hash else { return }
        hashes[trial] = hash
        lastShared = nil
    }

    private mutating func makeHash(of trial: TrialDescription) -> String? {
        if lastShared.map({ !$0.isShared(with: trial) }) ?? true {
            lastShared = SharedContent(of: trial, text: sharedText(of: trial))
        }
        return lastShared?.text.map { sha256("\($0) \(trial.seed)") }
    }

    /// All but the seed.
    private func sharedText(of trial: TrialDescription) -> String? {
        guard let checksums = datasets.datasets(of: trial)?.map(\.checksum),
            let optimizer = content(of: trial.optimizer)
        else { return nil }
        let content: [String: JSONValue] = [
            "kind": .string(trial.kind.rawValue), "problem": trial.problem.json,
            "data": .array(checksums.map { .string($0) }), "optimizer": optimizer, "steps": .integer(trial.steps),
            "precision": .string(trial.precision.rawValue),
            "kernels": .string(KernelFamily.name(ofTable: trial.kernelTable)), "program": .string(programVersion),
        ]
        return JSONValue.object(content.merging(trial.details.values) { $1 }).canonicalText
    }

    private func content(of optimizer: TrialOptimizer) -> JSONValue? {
        switch optimizer {
        case .rule(let rule): rule.json
        case .stored(let name): stored[name].map { ["kind": "stored", "content": .string($0)] }
        case .trained(let trial): hashes[trial].map { ["kind": "trained", "trial": .string($0)] }
        case .tuned(let group): content(of: group)
        case .learned(let spec, let generation): content(of: spec, generation)
        case .several(let parts): content(of: parts)
        case .adjusted(let learned, let settings):
            content(of: learned).map { ["learned": $0, "settings": settings.json] }
        }
    }

    private func content(of parts: [String: TrialOptimizer]) -> JSONValue? {
        let contents = parts.compactMapValues { content(of: $0) }
        return contents.count == parts.count ? .object(contents) : nil
    }

    private func content(of group: TuningGroup) -> JSONValue? {
        guard !group.isOpen else { return nil }
        var candidates: [JSONValue] = []
        for candidate in group.candidates {
            let trials = candidate.trials.compactMap { hashes[$0] }
            guard trials.count == candidate.trials.count else { return nil }
            candidates.append([candidate.json, .array(trials.map { .string($0) })])
        }
        return ["tune": .array(candidates)]
    }

    /// A generation is what it is by the one that teaches it, however many come after; a replicate by its seed.
    private func content(of spec: MetaTrainingSpec, _ generation: Generation) -> JSONValue? {
        var content = spec.settings.values
        content["generations"] = nil
        content["repeats"] = nil
        for (field, name) in [("metaOptimizer", spec.metaOptimizer.storedName), ("initial", spec.initial)] {
            guard let name else { continue }
            guard let stored = stored[name] else { return nil }
            content[field] = .string(stored)
        }
        if let teacher = generation.teacher {
            guard let hash = hashes[teacher] else { return nil }
            content["teacher"] = .string(hash)
        }
        return .object(content)
    }
}

/// What trials that differ in the seed alone have in common.
private struct SharedContent: Sendable {
    private let trial: TrialDescription
    let text: String?

    init(of trial: TrialDescription, text: String?) {
        self.trial = trial
        self.text = text
    }

    func isShared(with other: TrialDescription) -> Bool {
        trial.kind == other.kind && trial.precision == other.precision && trial.steps == other.steps
            && trial.details == other.details && trial.dataSeed == other.dataSeed
            && trial.problem == other.problem && trial.optimizer == other.optimizer
    }
}
