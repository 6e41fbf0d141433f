import ExperimentSpec
import Foundation
import JournalStore
import Registry
import TrialKinds

/// A trial that others need and that is not among those to be run, with what it came to.
typealias NeededTrial = (trial: TrialDescription, record: TrialRecord)

/// An experiment that is to be run.
public struct RunRequest: Sendable {
    public let spec: ExperimentSpec
    /// Its trials, as far as they are known before any is run.
    public private(set) var plan: ExperimentPlan
    /// Trials of the experiment that are not to be run, and whose outcomes those that are to be run need.
    private var needed: [TrialDescription] = []
    /// The kinds of trials that the spec may ask for.
    public let kinds: TrialKinds
    /// The spec's text as its file has it.
    public let text: String
    /// Where the spec lies: its paths are relative to it.
    public let folder: URL
    /// Whether to forget what earlier runs did.
    public let startsOver: Bool
    private let registry: Registry

    /// - Parameters:
    ///   - folder: where the spec lies: its paths are relative to it.
    ///   - registry: has what the spec may name, as in the vocabulary that it was read with.
    ///   - kinds: the kinds of trials that it may ask for, as there.
    public init(
        _ spec: ExperimentSpec, text: String, folder: URL = URL(fileURLWithPath: "."), startsOver: Bool = false,
        registry: Registry, kinds: TrialKinds = .standard
    ) {
        self.spec = spec
        self.text = text
        self.folder = folder
        self.startsOver = startsOver
        self.kinds = kinds
        self.registry = registry
        plan = Self.plan(spec, kinds, registry, knowing: .nothing)
    }

    /// The request for some of the trials alone, of an experiment all of whose trials are known before any is run.
    ///
    /// - Parameter indices: their places in the plan, which is the whole one.
    public func part(_ indices: [Int]) -> RunRequest {
        precondition(!plan.isOpen, "which trials an open plan has is not known before some are run")
        var part = self
        part.plan = plan.part(indices)
        part.needed = plan.needs(of: indices).map { plan.trials[$0] }
        return part
    }

    /// All trials that are known of when these are completed.
    func plan(knowing records: ExperimentRecords) -> ExperimentPlan {
        // A plan that isn't open is the same whatever its trials come to.
        plan.isOpen ? Self.plan(spec, kinds, registry, knowing: records.knowledge(kinds)) : plan
    }

    /// What a journal has of the experiment; nothing of what is to be replaced.
    func records(in journal: Journal) throws -> ExperimentRecords {
        let version = try journal.experiment(named: spec.name, hash: spec.hash, fresh: startsOver)
        return try ExperimentRecords(of: version?.id, in: journal)
    }

    /// What a journal has of the trials that the request needs and leaves out.
    ///
    /// - Throws: ``JournalError`` where one of them is not completed there.
    func needed(in journal: Journal) throws -> [NeededTrial] {
        guard !needed.isEmpty else { return [] }
        let records = try records(in: journal)
        return try needed.map { trial in
            guard let record = records.completed(trial) else {
                throw JournalError(
                    .missing, "\(journal.path) lacks what \(trial.activity), seed \(trial.seed), has come to")
            }
            return (trial, record)
        }
    }

    private static func plan(
        _ spec: ExperimentSpec, _ kinds: TrialKinds, _ registry: Registry, knowing knowledge: PlanKnowledge
    ) -> ExperimentPlan {
        spec.expanded(
            with: kinds.vocabulary(registry), knowing: knowledge,
            isSeedless: { SeedDependence.isSeedless($0, registry) })
    }

    /// The experiment as the journal records it with such a plan.
    func registration(
        _ plan: ExperimentPlan, _ trial: (TrialDescription) -> TrialRegistration
    ) -> ExperimentRegistration {
        ExperimentRegistration(
            name: spec.name, hash: spec.hash, spec: text, canonicalSpec: spec.canonicalText, question: spec.question,
            trials: plan.trials.map(trial))
    }
}
