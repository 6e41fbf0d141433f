import ExperimentSpec
import JournalStore
import MetaTraining
import Nouns
import Registry
import TrialKinds

/// A learned optimizer of another experiment in the journal, or one that was imported under an experiment's name.
struct StoredOptimizer: Sendable {
    /// The version that learned it.
    let experiment: ExperimentRecord
    /// `NAME@HASH` of the version, with the whole hash; of several replicates `NAME@HASH/REPLICATE`.
    var reference: String { replicate(of: "\(experiment.name)@\(experiment.hash)") }
    /// The same with as much of the hash as people read.
    var shortReference: String { replicate(of: experiment.reference) }
    /// The trial that learned it.
    let trial: TrialRecord
    let record: LearnedOptimizerRecord
    let learned: LearnedOptimizer
    /// Whether an earlier run of the experiment has taken this very version, so that it is no news.
    var wasRecorded = false

    /// Finds the learned optimizer of `NAME`, `NAME@HASH` or `NAME/REPLICATE`; where several are meant, the one with
    /// the lowest evaluation loss.
    ///
    /// - Throws: ``JournalError`` where there is no such experiment or replicate, or it has learned no optimizer yet.
    init(named reference: String, in journal: Journal, _ registry: Registry) throws {
        let asked = OptimizerReference(reference)
        let experiment = try journal.experiment(named: asked.experiment)
        guard let (trial, best) = try Self.best(of: experiment, replicate: asked.replicate, in: journal) else {
            throw try Self.missing(asked, of: experiment, in: journal)
        }
        self.experiment = experiment
        self.trial = trial
        record = best
        learned = try LearnedOptimizer(best, registry)
    }

    /// The learned optimizer of a version with the lowest evaluation loss, or that of a replicate; nil where it has
    /// learned none.
    ///
    /// - Parameter replicate: from 1; where there are no several, the first is the only one.
    static func best(
        of experiment: ExperimentRecord, replicate: Int? = nil, in journal: Journal
    ) throws -> (trial: TrialRecord, optimizer: LearnedOptimizerRecord)? {
        var best: (trial: TrialRecord, optimizer: LearnedOptimizerRecord)?
        for trial in try journal.learners(of: experiment.id)
        where replicate == nil || trial.replicate ?? 1 == replicate {
            guard let optimizer = try journal.learnedOptimizer(trainedBy: trial.id) else { continue }
            let loss = optimizer.evaluationLoss ?? .infinity
            if best.map({ loss.isLowerLoss(than: $0.optimizer.evaluationLoss ?? .infinity) }) ?? true {
                best = (trial, optimizer)
            }
        }
        return best
    }

    private func replicate(of version: String) -> String {
        OptimizerReference(experiment: version, replicate: trial.replicate).description
    }

    /// What the trial records of where its optimizer came from.
    func settings(name: String) -> String {
        JSONValue.object(["kind": "stored", "name": .string(name), Self.versionKey: .string(reference)]).canonicalText
    }

    /// A hash of what it computes with, its settings and its weights: not of who learned it, nor of what it is called.
    var contentHash: String {
        let settings = JSONValue(parsing: record.configuration) ?? .string(record.configuration)
        return JSONValue.array([settings, .array(learned.weights.map(\.json))]).contentHash
    }

    /// What a trial records of its optimizer where part of that comes from the journal, which is told by its version;
    /// nil where nothing does.
    ///
    /// - Parameter stored: by the names that the spec has for them; all that the trial needs.
    static func settings(of optimizer: TrialOptimizer, _ stored: [String: StoredOptimizer]) -> String? {
        func found(_ name: String) -> StoredOptimizer {
            guard let stored = stored[name] else { preconditionFailure("\(name) was not looked up before the trials") }
            return stored
        }
        switch optimizer {
        case .stored(let name):
            return found(name).settings(name: name)
        case .learned(let spec, let generation) where !spec.storedNames.isEmpty:
            var settings = spec.settings(of: generation).object ?? [:]
            if generation.teacher == nil, let name = spec.metaOptimizer.storedName {
                settings["metaOptimizer"] = JSONValue(parsing: found(name).settings(name: name))
            }
            if let name = spec.initial { settings["initial"] = .string(found(name).reference) }
            return JSONValue.object(settings).canonicalText
        case .several(let parts) where !optimizer.storedNames.isEmpty:
            return JSONValue.object(
                parts.mapValues { part in settings(of: part, stored).flatMap(JSONValue.init(parsing:)) ?? part.settings
                }
            ).canonicalText
        case .adjusted(let learned, let own):
            let settings = settings(of: learned, stored).flatMap(JSONValue.init(parsing:))?.object
            return settings.map { JSONValue.object($0.merging(own.values) { $1 }).canonicalText }
        case .learned, .trained, .rule, .tuned, .several:
            return nil
        }
    }

    /// The versions that an earlier trial used, by the names that the spec has for them.
    ///
    /// - Parameter settings: what the trial recorded of its optimizer.
    static func versions(of optimizer: TrialOptimizer, recordedIn settings: JSONValue) -> [String: String] {
        var versions: [String: String] = [:]
        switch optimizer {
        case .stored(let name): versions[name] = settings[versionKey]?.string
        case .learned(let spec, _):
            if let name = spec.metaOptimizer.storedName {
                versions[name] = settings["metaOptimizer"]?[versionKey]?.string
            }
            // A trial that never began has what the spec says.
            if let name = spec.initial, let version = settings["initial"]?.string, version != name {
                versions[name] = version
            }
        case .several(let parts):
            for (name, part) in parts {
                guard let own = settings[name] else { continue }
                versions.merge(Self.versions(of: part, recordedIn: own)) { $1 }
            }
        case .adjusted(let learned, _): versions = Self.versions(of: learned, recordedIn: settings)
        case .tuned(let group):
            if let candidate = group.candidates.first {
                versions = Self.versions(of: candidate.optimizer, recordedIn: settings)
            }
        case .trained, .rule: break
        }
        return versions
    }

    private static let versionKey = "experiment"

    private static func missing(
        _ asked: OptimizerReference, of experiment: ExperimentRecord, in journal: Journal
    ) throws -> JournalError {
        let replicates = Set(try journal.learners(of: experiment.id).map { $0.replicate ?? 1 })
        guard let number = asked.replicate, let last = replicates.max() else {
            return JournalError(
                .missing,
                "\(experiment.reference) has learned no optimizer"
                    + (try others(named: experiment.name, in: journal)))
        }
        return JournalError(
            .missing,
            "\(experiment.reference) has no replicate \(number); it has learned "
                + (last == 1 ? "one optimizer" : "\(replicates.count), up to \(experiment.reference)/\(last)"))
    }

    private static func others(named name: String, in journal: Journal) throws -> String {
        let versions = try journal.experiments(named: name).filter { version in
            try !journal.learners(of: version.id).isEmpty
        }
        guard !versions.isEmpty else { return "; journal run its spec to the end first" }
        return "; these versions have: " + versions.map { "\(name)@\($0.hash.prefix(12))" }.joined(separator: ", ")
    }
}
