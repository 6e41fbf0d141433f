import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import Scheduler
import TrialKinds
import Wording

/// What it takes to have an experiment's remaining trials run by a cluster: the folder that its tasks work in.
public struct ClusterLaunch {
    public let request: RunRequest
    /// The experiment as the journal has it now.
    public let opened: OpenedExperiment
    public let settings: ClusterSettings
    public let registry: Registry
    /// This program's file: the nodes start the same.
    public let program: String
    /// Where the data are; nil for where the program looks by itself.
    public let dataFolder: String?

    public init(
        _ request: RunRequest, _ opened: OpenedExperiment, _ settings: ClusterSettings, registry: Registry,
        program: String, dataFolder: String?
    ) {
        self.request = request
        self.opened = opened
        self.settings = settings
        self.registry = registry
        self.program = program
        self.dataFolder = dataFolder
    }

    /// The places of the trials that are not completed.
    private var remaining: [Int] {
        request.plan.trials.indices.filter { !opened.isCompleted(request.plan.trials[$0]) }
    }

    /// Whether there is nothing to run.
    public var isEmpty: Bool { remaining.isEmpty }

    /// Makes the folder, in place of an older one: what the tasks are to do, and what they need of the journal.
    ///
    /// - Parameters:
    ///   - path: the folder's.
    ///   - capacity: how many tasks can run at once.
    ///   - mostShares: the most shares that there may be.
    ///   - report: receives what a person is told of it.
    public func makeFolder(
        _ path: String, _ journal: Journal, capacity: Int, mostShares: Int, report: (String) -> Void = { _ in }
    ) throws {
        let folder = RunFolder(path)
        let seconds = try paces(in: journal)
        let plan = SharePlan(
            request.plan, remaining,
            SharePlan.Measure(
                capacity: capacity, mostShares: mostShares,
                seconds: { index in
                    let trial = request.plan.trials[index]
                    return seconds[trial.kind].map { $0 * request.kinds.work(of: trial, registry).total }
                },
                work: { request.kinds.work(of: request.plan.trials[$0], registry).total },
                trialsPerTask: settings.trialsPerTask))
        try folder.make()
        try writeNeeds(folder, plan, journal)
        let whole = { (path: String) in URL(fileURLWithPath: path).standardizedFileURL.path }
        let manifest = Manifest(
            id: String(UUID().uuidString.lowercased().prefix(8)), programVersion: journal.programVersion,
            program: program, name: request.spec.name, hash: request.spec.hash, spec: request.spec.canonicalText,
            text: request.text, specFolder: whole(request.folder.path), dataFolder: dataFolder.map(whole),
            journal: whole(journal.path), settings: settings, phases: plan.phases.map(\.count), shares: plan.shares)
        // The last of it: a folder without a manifest is none.
        try folder.write(manifest)
        let phases = plan.phases.count > 1 ? ", in \(plan.phases.count) phases" : ""
        report(
            "\(manifest.reference): \(counted(remaining.count, "trial")) in \(counted(plan.shares.count, "task"))"
                + "\(phases); its files are in \(folder.path).")
    }

    /// What the first phase's tasks need: completed trials that others need, the checkpoints of those that are to go on,
    /// and learned optimizers of other experiments.
    private func writeNeeds(_ folder: RunFolder, _ plan: SharePlan, _ journal: Journal) throws {
        let shared = request.plan.needs(of: remaining).map { request.plan.trials[$0].id }
        let checkpoints = try journal.checkpointSteps(of: opened.registered.id)
        let begun = zip(request.plan.trials, opened.registered.trials).filter { checkpoints[$1] != nil }.map(\.0.id)
        var selection = opened.borrowed
        selection.add(shared + begun, of: request.spec.name, request.spec.hash)
        try folder.writeNeeds(ofPhase: 0, programVersion: journal.programVersion) { needs in
            let outcome = try needs.merge([journal.path], only: selection)
            if let fault = outcome.faults.first { throw fault.error }
        }
    }

    /// Seconds for each step of work, by the kind of trials, of those that versions of this experiment have completed.
    private func paces(in journal: Journal) throws -> [TrialKindName: Double] {
        var sums: [TrialKindName: (seconds: Double, steps: Double)] = [:]
        for version in try journal.experiments(named: request.spec.name) {
            for trial in try journal.trials(of: version.id) {
                guard let results = trial.results, results.seconds.isFinite else { continue }
                sums[trial.kind, default: (0, 0)].seconds += results.seconds
                sums[trial.kind, default: (0, 0)].steps += Double(results.steps)
            }
        }
        return sums.compactMapValues { $0.steps > 0 ? $0.seconds / $0.steps : nil }
    }
}
