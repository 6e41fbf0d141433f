import JournalStore
import Nouns

/// Runs of another program that come into the journal, as an experiment with a trial each.
///
/// The version of the experiment is a hash of all that came. So the same runs come once, and runs that have gone on
/// since are another version beside the earlier one.
public struct RunImport {
    public enum Outcome: Sendable, Equatable {
        case imported(trials: Int)
        /// The very same runs were there under that name already.
        case wasThere
    }

    /// What trials are that other programs ran.
    public static let kind: TrialKindName = "imported"

    /// How such trials are told, compared by a metric that another program named: of accuracies the higher is the better.
    public static func summary(comparedBy metric: Metric? = nil) -> TrialKindSummary {
        let name = metric?.rawValue.lowercased() ?? ""
        let isHigherBetter = name.contains("accuracy") || ["acc", "auc", "f1"].contains { name.hasSuffix($0) }
        return TrialKindSummary(
            kind: kind, title: "Imported run", isCompared: true, ranking: .finalLoss, curve: .loss,
            higherIsBetter: isHigherBetter ? Set([.accuracy] + [metric].compactMap(\.self)) : [.accuracy])
    }

    /// What the experiment is called in the journal.
    public let name: String
    private let experiment: ImportedExperiment

    /// - Parameter name: what the experiment is to be called; nil for what it is called, in letters that names may have.
    public init(_ experiment: ImportedExperiment, name: String? = nil) {
        self.experiment = experiment
        self.name = name ?? safeName(experiment.name)
    }

    /// Records the runs; safe to repeat, and to stop.
    ///
    /// - Throws: `JournalError` of kind `usage` where the name belongs to something else in the journal; of kind
    ///   `badData` where a run cannot be read: then nothing is recorded.
    public func record(in journal: Journal) throws -> Outcome {
        let marker = "{\"imported\":{\"from\":\(experiment.source.quotedAsJSON)"
        if let other = try journal.experiments(named: name).first(where: { !$0.canonicalSpec.hasPrefix(marker) }) {
            throw JournalError(
                .usage,
                "the journal has an experiment \(name)@\(other.hash.prefix(12)) already, which was not imported from "
                    + "\(experiment.source); choose another name with --name")
        }
        let registration = try registration()
        if let known = try journal.experiment(named: name, hash: registration.hash) {
            let trials = try journal.trials(of: known.id)
            if trials.count == registration.trials.count,
                trials.allSatisfy({ $0.status == .completed || $0.status == .failed })
            {
                return .wasThere
            }
        }
        let registered = try journal.register(registration)
        let writer = try JournalWriter(journal)
        do {
            for (id, run) in zip(registered.trials, experiment.runs) { try record(run(), as: id, by: writer) }
        } catch {
            try? writer.finish()
            throw error
        }
        try writer.finish()
        return .imported(trials: registered.trials.count)
    }

    private func record(_ run: ImportedRun, as trial: Int64, by writer: JournalWriter) throws {
        let note = run.tags.isEmpty ? nil : "tags: \(run.tagText)"
        switch try writer.begin(trial, TrialStart(kernelTable: Self.kind.rawValue, note: note)) {
        case .completed: return
        case .taken(let host, let pid):
            throw JournalError(.inputOutput, "process \(pid) on \(host) is importing \(name) at this moment")
        case .started, .startedOver, .resumed: break
        }
        for (metric, curve) in run.curves.sorted(by: { $0.key < $1.key }) {
            for (step, value) in zip(curve.steps, curve.values) {
                writer.point(trial, Metric(metric), step: step, value)
            }
        }
        switch run.status {
        case .completed: writer.complete(trial, run.results)
        case .failed: writer.fail(trial, "failed in \(experiment.source)")
        default: writer.interrupt(trial)
        }
        try writer.checkHealth()
    }

    private func registration() throws -> ExperimentRegistration {
        var digests: [String] = []
        var trials: [TrialRegistration] = []
        for read in experiment.runs {
            let run = try read()
            digests.append(run.digest)
            trials.append(
                TrialRegistration(
                    identity: sha256(run.identity), kind: Self.kind, problem: run.problem, problemSettings: "{}",
                    optimizer: run.optimizer, optimizerSettings: run.settings, seed: run.seed, steps: run.steps))
        }
        let spec = JSONValue.object([
            "name": .string(name),
            "imported": .object([
                "from": .string(experiment.source), "name": .string(experiment.name),
                "runs": .integer(trials.count),
            ]),
        ]).canonicalText
        return ExperimentRegistration(
            name: name, hash: sha256(spec + digests.joined()), spec: spec, canonicalSpec: spec,
            question: "Imported from \(experiment.source): \(experiment.name)", trials: trials)
    }
}

/// A name with nothing in it but letters, digits and a few signs, so that it may name an experiment or a folder.
public func safeName(_ name: String) -> String {
    let signs = Set("._-+=,")
    let safe = String(name.map { $0.isLetter || $0.isNumber || signs.contains($0) ? $0 : "-" })
    let trimmed = safe.drop { $0 == "-" || $0 == "." }
    return trimmed.isEmpty ? "unnamed" : String(trimmed)
}
