import ExperimentSpec
import Foundation
import JournalStore
import Registry
import TrialKinds

/// An experiment that is to be run.
public struct RunRequest: Sendable {
    public let spec: ExperimentSpec
    /// Its trials, as far as they are known before any is run.
    public let plan: ExperimentPlan
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

    /// All trials that are known of when these are completed.
    func plan(knowing records: ExperimentRecords) -> ExperimentPlan {
        Self.plan(spec, kinds, registry, knowing: records.knowledge(kinds))
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
