import Dispatch
import Foundation
import Synchronization
import TensorEngine

/// A fixed number of threads that run jobs, and help one another with the pieces of a job.
///
/// A worker takes the next job if there is one; else it helps a job that has pieces to share; else it watches for
/// either for a moment, and then sleeps. A job never waits for a helper to come, only for pieces that one has already
/// taken, so nothing stands still when all workers have jobs of their own.
public final class WorkerPool: PieceExecutor, @unchecked Sendable {
    /// How many threads there are.
    public let workerCount: Int

    private let condition = NSCondition()
    /// These four are guarded by the condition.
    private var jobs = JobQueue()
    private var openRuns: [PieceRun] = []
    private var sleepers = 0
    private var isStopped = false

    /// Counts jobs and piece runs offered: idle workers watch it without taking the lock.
    private let offers = Atomic(0)
    /// Workers that are at a job of their own, or at a piece of another's.
    private let busy = Atomic(0)
    private let watchNanoseconds: UInt64
    private let threads = DispatchGroup()

    /// Starts the threads.
    ///
    /// - Parameter workers: at least 1.
    public init(workers: Int) {
        precondition(workers > 0, "a pool has at least one worker")
        workerCount = workers
        // To be woken takes some ten microseconds, and longer on a virtual machine: steps that one thread makes alone
        // must not send the others to sleep. Where there are more workers than processors, watching would take
        // the time from those who work.
        watchNanoseconds = workers <= Machine.processors ? 200_000 : 0
        for index in 0..<workers {
            // A serial queue's block has a thread of its own for as long as it runs.
            DispatchQueue(label: "journal.worker.\(index)", qos: .userInitiated).async(group: threads) { self.work() }
        }
    }

    /// Has a worker run the job when all those before it are under way.
    public func submit(_ job: @escaping @Sendable () -> Void) {
        offer(helpers: 1) { jobs.append(job) }
    }

    /// Whether a worker has nothing to do. One that is at a piece is as busy as one with a job of its own: where all are at
    /// pieces with pieces of their own, as pairs of evolution strategies have, sharing these would only cost.
    public var hasHelpers: Bool { busy.load(ordering: .relaxed) < workerCount && workerCount > 1 }

    /// Calls `body` with each number below `count`: the calling thread does, and so do workers that are idle.
    public func run(pieces count: Int, _ body: @Sendable (Int) -> Void) {
        guard count > 1, hasHelpers else {
            for piece in 0..<count { body(piece) }
            return
        }
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { pointer in
                let run = PieceRun(count: count, body: pointer)
                offer(helpers: count - 1) { openRuns.append(run) }
                run.work()
                condition.withLock { openRuns.removeAll { $0 === run } }
                run.waitForHelpers()
            }
        }
    }

    /// Lets the threads end after the jobs that are under way, and waits until they have.
    public func stop() {
        offer(helpers: workerCount) { isStopped = true }
        threads.wait()
    }

    private func offer(helpers: Int, _ change: () -> Void) {
        condition.withLock {
            change()
            offers.wrappingAdd(1, ordering: .releasing)
            for _ in 0..<min(helpers, sleepers) { condition.signal() }
        }
    }

    private enum Task {
        case job(@Sendable () -> Void)
        case help(PieceRun)
    }

    private func work() {
        while let task = nextTask() {
            switch task {
            case .job(let job):
                busy.wrappingAdd(1, ordering: .relaxed)
                job()
                busy.wrappingSubtract(1, ordering: .relaxed)
            case .help(let run): run.help(busy)
            }
        }
    }

    /// What a worker is to do next; nil when the pool is stopped.
    private func nextTask() -> Task? {
        watch()
        return condition.withLock {
            while !isStopped {
                if let job = jobs.popFirst() { return .job(job) }
                if let run = openRuns.last(where: \.hasPieces) { return .help(run) }
                sleepers += 1
                condition.wait()
                sleepers -= 1
            }
            return nil
        }
    }

    /// Returns when there may be something to do, or when there has been nothing for a while.
    private func watch() {
        let seen = offers.load(ordering: .acquiring)
        guard watchNanoseconds > 0,
            condition.withLock({ !isStopped && jobs.isEmpty && !openRuns.contains(where: \.hasPieces) })
        else { return }
        let deadline = DispatchTime.now().uptimeNanoseconds + watchNanoseconds
        while offers.load(ordering: .acquiring) == seen, DispatchTime.now().uptimeNanoseconds < deadline {}
    }
}

/// Jobs in the order in which they came.
private struct JobQueue {
    private var jobs: [@Sendable () -> Void] = []
    private var first = 0

    var isEmpty: Bool { first == jobs.count }

    mutating func append(_ job: @escaping @Sendable () -> Void) { jobs.append(job) }

    mutating func popFirst() -> (@Sendable () -> Void)? {
        guard !isEmpty else { return nil }
        defer {
            first += 1
            if first > 1_000, 2 * first > jobs.count {
                jobs.removeFirst(first)
                first = 0
            }
        }
        return jobs[first]
    }
}
