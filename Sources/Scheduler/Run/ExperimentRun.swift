import Dispatch
import ExperimentSpec
import Foundation
import JournalStore
import MetaTraining
import Nouns
import Registry
import TensorEngine
import TrialKinds

/// One run of an experiment's trials on a worker pool, each when those that it needs are completed.
final class ExperimentRun: @unchecked Sendable {
    private let kinds: TrialKinds
    private let registry: Registry
    private let plan: ExperimentPlan
    private let registered: RegisteredExperiment
    private let problems: ProblemFactory
    private let outcomes: TrialOutcomes
    private let meter: ProgressMeter
    private let writer: JournalWriter
    private let pool: WorkerPool
    private let stop: StopFlag
    private let observer: any RunObserver
    private let programs = TrialPrograms()
    private let allSettled = DispatchSemaphore(value: 0)

    private let lock = NSLock()
    /// These five are guarded by the lock.
    private var board: TrialBoard
    /// Trials that nothing holds back and nobody has taken yet.
    private var ready: ReadyTrials
    private var pace: TrialPace
    private var fault: (any Error)?
    private var othersReported: Set<Int> = []
    /// Set when a fault makes it useless to go on.
    private let halt = StopFlag()

    private static let secondsBetweenLooks = 1.0

    init(
        _ kinds: TrialKinds, _ registry: Registry, _ plan: ExperimentPlan, _ registered: RegisteredExperiment,
        board: TrialBoard,
        problems: ProblemFactory, outcomes: TrialOutcomes, meter: ProgressMeter, writer: JournalWriter,
        pool: WorkerPool, stop: StopFlag,
        observer: any RunObserver
    ) {
        self.kinds = kinds
        self.registry = registry
        self.plan = plan
        self.registered = registered
        self.board = board
        ready = ReadyTrials(board.ready)
        self.problems = problems
        self.outcomes = outcomes
        self.meter = meter
        self.writer = writer
        pace = TrialPace(patience: writer.patience)
        self.pool = pool
        self.stop = stop
        self.observer = observer
    }

    /// Runs all trials that can be run.
    ///
    /// - Returns: what became of them.
    /// - Throws: ``JournalError`` as soon as the journal cannot be written any more.
    func run() throws -> TrialBoard {
        let (readyCount, unsettled) = lock.withLock { (ready.count, self.board.unsettled) }
        for _ in 0..<readyCount { pool.submit { self.performNext() } }
        if unsettled > 0 { allSettled.wait() }
        let (board, fault) = lock.withLock { (self.board, self.fault) }
        if let fault { throw fault }
        try writer.flush()
        return board
    }

    private var isStopping: Bool { stop.isSet || halt.isSet }

    private func submit(_ index: Int) {
        lock.withLock { ready.append(index) }
        pool.submit { self.performNext() }
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

    /// Performs the next trial; where trials are short, some of them, which are claimed together: a claim is a
    /// transaction, and would cost more than the trial.
    private func performNext() {
        let trials = lock.withLock {
            ready.take(atMost: pace.trialsAtOnce(plan.trials, workers: pool.workerCount, waiting: ready)) {
                plan.trials[$0].isAlike(plan.trials[$1])
            }
        }
        guard !trials.isEmpty else { return }
        guard !isStopping else { return trials.forEach { settle($0, .notBegun) } }
        do {
            try attempt(trials)
        } catch {
            halt(error)
            trials.forEach { settle($0, .notBegun) }
        }
    }

    /// Runs those trials that no other process runs.
    private func attempt(_ indices: [Int]) throws {
        let executions = indices.map { index in
            let trial = plan.trials[index]
            let problem = problems.problem(of: trial)
            let (optimizer, settings) = outcomes.optimizer(of: trial)
            return (
                execution: TrialExecution(
                    registry: registry, experiment: plan.name, trial: trial, family: problem.family,
                    optimizer: optimizer, programs: programs),
                start: TrialStart(trial, problem, settings: settings, content: outcomes.content(of: trial))
            )
        }
        let starts = zip(indices, executions).map { (id: registered.trials[$0], start: $1.start) }
        let programVersion = writer.journal.programVersion
        let claims = try writer.begin(starts) { $0.computes(as: starts[0].start.kernelTable, programVersion) }
        for (index, (claim, made)) in zip(indices, zip(claims, executions)) {
            guard !isStopping else {
                if claim.isOurs { writer.release(registered.trials[index]) }
                settle(index, .notBegun)
                continue
            }
            do {
                if let fate = try perform(index, claim, made.execution) { settle(index, fate) }
            } catch {
                halt(error)
                settle(index, .interrupted)
            }
        }
    }

    /// - Returns: what became of a trial; nil where another process is at it, and it is to be looked at again.
    private func perform(_ index: Int, _ claim: TrialClaim, _ execution: TrialExecution) throws -> TrialBoard.Fate? {
        let (trial, id) = (plan.trials[index], registered.trials[index])
        switch claim {
        case .started:
            return try run(execution, id: id, from: nil)
        case .startedOver(let origin):
            let by =
                origin.map { "kernel table \($0.kernelTable) of journal \($0.programVersion)" } ?? "another program"
            observer.message(
                "Trial \(id) (\(trial.activity)) starts over: its checkpoint was computed by \(by), and this is "
                    + "\(trial.kernelTable) of journal \(writer.journal.programVersion).")
            return try run(execution, id: id, from: nil)
        case .resumed(let checkpoint):
            return try run(execution, id: id, from: checkpoint)
        case .completed:
            try outcomes.keep(trial, try writer.journal.trial(id), in: writer.journal)
            meter.advance(by: kinds.work(of: trial, registry).total)
            return .completed
        case .taken(let host, let pid):
            reportOther(host: host, pid: pid)
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.secondsBetweenLooks) { self.submit(index) }
            return nil
        }
    }

    private func run(
        _ execution: TrialExecution, id: Int64, from checkpoint: Checkpoint?
    ) throws -> TrialBoard.Fate {
        let trial = execution.trial
        let work = kinds.work(of: trial, registry)
        do {
            let earlier = try checkpoint?.untimed()
            let now: @Sendable () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
            let recorder = TrialRecorder(
                trial, work, id: id, writer: writer, meter: meter, earlierSeconds: earlier?.seconds ?? 0,
                earlierWork: checkpoint.map { work.done($0.step) } ?? 0, now: now)
            let context = TrialContext(
                executor: pool, isCancelled: { self.isStopping },
                emit: { event in
                    recorder.record(event)
                    self.checkHealth()
                }, now: now)
            let outcome: TrialOutcome
            do {
                outcome = try kinds[trial.kind].run(execution, resuming: earlier?.checkpoint.data, context)
            } catch {
                recorder.stop()
                throw error
            }
            recorder.finish()
            try complete(trial, id: id, outcome, steps: work.steps, seconds: recorder.seconds)
            lock.withLock { pace.note(trial, seconds: recorder.seconds) }
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

    private func complete(
        _ trial: TrialDescription, id: Int64, _ outcome: TrialOutcome, steps: Int, seconds: Double
    ) throws {
        if let learned = outcome.learned { writer.learnedOptimizer(id, learned) }
        writer.complete(
            id,
            TrialResults(steps: steps, seconds: seconds, values: outcome.values, note: outcome.note))
        if let note = outcome.note { observer.message("Trial \(id) (\(trial.activity)): \(note)") }
        try outcomes.keep(trial, outcome.values, learned: outcome.learned)
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
