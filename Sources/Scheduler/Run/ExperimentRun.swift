import Dispatch
import ExperimentSpec
import Foundation
import JournalStore
import MetaTraining
import TensorEngine

/// One run of an experiment's trials on a worker pool, each when those that it needs are completed.
final class ExperimentRun: @unchecked Sendable {
    private let plan: ExperimentPlan
    private let registered: RegisteredExperiment
    private let problems: ProblemFactory
    private let outcomes: TrialOutcomes
    private let meter: ProgressMeter
    private let writer: JournalWriter
    private let pool: WorkerPool
    private let stop: StopFlag
    private let observer: any RunObserver
    private let allSettled = DispatchSemaphore(value: 0)

    private let lock = NSLock()
    /// These three are guarded by the lock.
    private var board: TrialBoard
    private var fault: (any Error)?
    private var othersReported: Set<Int> = []
    /// Set when a fault makes it useless to go on.
    private let halt = StopFlag()

    private static let secondsBetweenLooks = 1.0

    init(
        _ plan: ExperimentPlan, _ registered: RegisteredExperiment, board: TrialBoard, problems: ProblemFactory,
        outcomes: TrialOutcomes, meter: ProgressMeter, writer: JournalWriter, pool: WorkerPool, stop: StopFlag,
        observer: any RunObserver
    ) {
        self.plan = plan
        self.registered = registered
        self.board = board
        self.problems = problems
        self.outcomes = outcomes
        self.meter = meter
        self.writer = writer
        self.pool = pool
        self.stop = stop
        self.observer = observer
    }

    /// Runs all trials that can be run.
    ///
    /// - Throws: ``JournalError`` as soon as the journal cannot be written any more.
    func run() throws -> RunReport {
        let (ready, unsettled) = lock.withLock { (board.ready, board.unsettled) }
        for trial in ready { submit(trial) }
        if unsettled > 0 { allSettled.wait() }
        let (report, fault) = lock.withLock { (board.report, self.fault) }
        if let fault { throw fault }
        if report.interrupted > 0 { try writer.interruptRemaining(of: registered.id) }
        try writer.flush()
        return report
    }

    private var isStopping: Bool { stop.isSet || halt.isSet }

    private func submit(_ index: Int) {
        pool.submit { self.perform(index) }
    }

    private func settle(_ index: Int, _ fate: TrialBoard.Fate) {
        let (ready, isLast) = lock.withLock { (board.settle(index, fate), board.unsettled == 0) }
        for trial in ready { submit(trial) }
        if isLast { allSettled.signal() }
    }

    /// Keeps the first fault, and has everything stop.
    private func halt(_ error: any Error) {
        lock.withLock { fault = fault ?? error }
        halt.set()
    }

    private func perform(_ index: Int) {
        guard !isStopping else { return settle(index, .interrupted) }
        do {
            if let fate = try attempt(index) { settle(index, fate) }
        } catch {
            halt(error)
            settle(index, .interrupted)
        }
    }

    /// Runs a trial, if no other process does.
    ///
    /// - Returns: what became of it; nil where another process is at it, and it is to be looked at again.
    private func attempt(_ index: Int) throws -> TrialBoard.Fate? {
        let trial = plan.trials[index]
        let id = registered.trials[index]
        let problem = problems.problem(of: trial)
        let (optimizer, settings) = outcomes.optimizer(of: trial)
        let start = TrialStart(
            kernelTable: trial.precision == .single ? Float.kernels.name : Double.kernels.name,
            dataset: problem.dataset, architecture: problem.architecture, optimizerSettings: settings)
        let execution = TrialExecution(experiment: plan.name, trial: trial, problem: problem, optimizer: optimizer)
        switch try writer.begin(id, start) {
        case .started:
            return try run(execution, id: id, from: nil)
        case .resumed(let checkpoint):
            return try run(execution, id: id, from: checkpoint)
        case .completed:
            try outcomes.keep(trial, try writer.journal.trial(id), in: writer.journal)
            meter.advance(by: trial.work)
            return .completed
        case .taken(let host, let pid):
            reportOther(host: host, pid: pid)
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.secondsBetweenLooks) { self.submit(index) }
            return nil
        }
    }

    private func run(
        _ execution: TrialExecution, id: Int64, from checkpoint: JournalStore.Checkpoint?
    ) throws -> TrialBoard.Fate {
        let trial = execution.trial
        do {
            let earlier = try checkpoint.map(TrialCheckpoint.init)
            let now: @Sendable () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
            let recorder = TrialRecorder(
                trial, id: id, writer: writer, meter: meter, earlierSeconds: earlier?.seconds ?? 0,
                earlierWork: checkpoint.map { trial.work(upTo: $0.step) } ?? 0, now: now)
            let context = TrialContext(
                executor: pool, isCancelled: { self.isStopping },
                emit: { event in
                    recorder.record(event)
                    self.checkHealth()
                }, now: now)
            let outcome: TrialOutcome
            do {
                outcome = try execution.run(resuming: earlier?.state, context)
            } catch {
                recorder.stop()
                throw error
            }
            recorder.finish()
            try complete(trial, id: id, outcome, seconds: recorder.seconds)
            return .completed
        } catch is CancellationError {
            writer.interrupt(id)
            return .interrupted
        } catch let failure as TrialFailure {
            writer.fail(id, failure.description)
            observer.message("Trial \(id) failed: \(trial.activity), seed \(trial.seed): \(failure)")
            return .failed
        }
    }

    private func complete(_ trial: TrialDescription, id: Int64, _ outcome: TrialOutcome, seconds: Double) throws {
        if let learned = outcome.learned { writer.learnedOptimizer(id, learned) }
        writer.complete(
            id,
            TrialResults(
                steps: trial.recordedSteps, seconds: seconds, finalLoss: outcome.finalLoss, bestLoss: outcome.bestLoss,
                testLoss: outcome.testLoss, accuracy: outcome.accuracy))
        try outcomes.keep(trial, finalLoss: outcome.finalLoss, learned: outcome.learned)
    }

    private func checkHealth() {
        do {
            try writer.checkHealth()
        } catch {
            halt(error)
        }
    }

    private func reportOther(host: String, pid: Int) {
        guard lock.withLock({ othersReported.insert(pid).inserted }) else { return }
        observer.message("Process \(pid) on \(host) is running trials of \(plan.name) too; waiting for those.")
    }
}
