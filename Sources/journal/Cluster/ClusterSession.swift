import Cluster
import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Report
import Scheduler

/// Runs experiments on a cluster, and waits for them where the person sits.
struct ClusterSession {
    let options: ClusterOptions
    let journal: Journal
    let display: RunDisplay
    let stop: StopFlag
    let quiet: Bool

    /// What each request asks of the queue: options over its spec over the user's settings. Held against what the cluster
    /// has, and the requests against what it can run, before anything is submitted.
    ///
    /// - Throws: ``JournalError``, `SpecError`.
    static func settings(of requests: [RunRequest], _ options: ClusterOptions) throws -> [ClusterSettings] {
        try ClusterChecks.check(requests)
        let own = try UserSettings.read().cluster
        let settings = requests.map { options.settings.or($0.spec.cluster).or(own) }
        try ClusterChecks.check(settings)
        return settings
    }

    /// Brings home what an earlier run of the same version has left, unless its tasks are still at it.
    ///
    /// - Returns: that run, where they are.
    func takeUp(_ request: RunRequest, _ settings: ClusterSettings) throws -> ClusterRun? {
        let runs = ClusterRuns(journal: journal.path, in: settings.folder)
        guard let folder = runs.folder(of: request.spec.name, request.spec.hash) else { return nil }
        let run = try ClusterRun(
            folder: folder, programVersion: journal.programVersion, registry: .standard, observer: display)
        if try !run.liveJobs().isEmpty {
            display.message("\(run.reference) is on the cluster already; taking it up.")
            return run
        }
        try run.salvage(into: journal)
        return nil
    }

    /// Submits what is left of an experiment.
    ///
    /// - Returns: nil where nothing is left.
    func submit(
        _ request: RunRequest, _ settings: ClusterSettings, _ runner: ExperimentRunner, _ writer: JournalWriter,
        dataFolder: String?
    ) throws -> ClusterRun? {
        guard let program = Bundle.main.executablePath else {
            throw JournalError(.unavailable, "the file of this program is not to be found")
        }
        let launch = ClusterLaunch(
            request, try runner.open(request, writer), settings, registry: .standard, program: program,
            dataFolder: dataFolder)
        guard !launch.isEmpty else { return nil }
        let place = ClusterRuns(journal: journal.path, in: settings.folder).place
        return try ClusterRun(launch, in: place, journal, observer: display)
    }

    /// Waits for a run, and tells what came of it, as of a run on this machine.
    ///
    /// - Returns: the exit code.
    func wait(for run: ClusterRun) throws -> Int32 {
        let outcome = try run.wait(into: journal, stop: stop)
        for loss in outcome.losses { display.message(loss) }
        if outcome.goesOn {
            display.message(
                "The tasks of \(run.reference) go on: journal attach \(run.reference) waits for them again, journal cancel "
                    + "\(run.reference) ends them.")
            return Interruption.exitCode
        }
        return try tell(RunSummary(request: run.request, report: outcome.report, journal: journal), outcome)
    }

    private func tell(_ summary: RunSummary, _ outcome: ClusterRun.Outcome) throws -> Int32 {
        let report = outcome.report
        if !quiet || !report.isComplete { display.message(summary.line) }
        if !quiet, !report.wasStopped { try StandardOutput.show(summary.results()) }
        if !outcome.losses.isEmpty || report.failed > 0 { return EXIT_FAILURE }
        return report.wasStopped ? Interruption.exitCode : EXIT_SUCCESS
    }

    /// Runs all requests: each is submitted when the one before it has come home, unless nobody waits.
    ///
    /// - Returns: the exit code.
    func run(
        _ requests: [RunRequest], _ settings: [ClusterSettings], _ runner: inout ExperimentRunner, dataFolder: String?
    ) throws -> Int32 {
        let running = try zip(requests, settings).map(takeUp)
        try runner.prepare(zip(requests, running).filter { $1 == nil }.map(\.0), in: journal)
        let writer = try JournalWriter(journal)
        defer { try? writer.finish() }
        var exitCode = EXIT_SUCCESS
        func note(_ code: Int32) { if code != EXIT_SUCCESS { exitCode = code } }
        for (request, (settings, earlier)) in zip(requests, zip(settings, running))
        where exitCode != Interruption.exitCode {
            guard let run = try earlier ?? submit(request, settings, runner, writer, dataFolder: dataFolder) else {
                let report = RunReport(completedBefore: request.plan.trials.count)
                note(
                    try tell(
                        RunSummary(request: request, report: report, journal: journal),
                        ClusterRun.Outcome(report: report)))
                continue
            }
            if options.detach {
                try run.submit()
                display.remark(
                    "Submitted; journal attach \(run.reference) brings the results home, journal cancel \(run.reference) "
                        + "ends it.")
            } else {
                note(try wait(for: run))
            }
        }
        return exitCode
    }
}
