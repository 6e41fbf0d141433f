import Foundation
import Locking
import Synchronization
import Testing

@testable import Scheduler

@Suite struct WorkerPoolTests {
    @Test(arguments: [1, 2, 8]) func everyPieceRunsOnce(workers: Int) {
        let pool = WorkerPool(workers: workers)
        defer { pool.stop() }
        for count in [0, 1, 2, 7, 100] {
            let calls = Locked(Array(repeating: 0, count: count))
            pool.run(pieces: count) { piece in calls.withLock { $0[piece] += 1 } }
            #expect(calls.withLock(\.self) == Array(repeating: 1, count: count))
        }
    }

    @Test func jobsShareTheirPiecesWithoutStandingStill() {
        let pool = WorkerPool(workers: 4)
        defer { pool.stop() }
        let jobs = 20
        let sum = Atomic(0)
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<jobs {
            pool.submit {
                for _ in 0..<50 {
                    pool.run(pieces: 16) { piece in sum.wrappingAdd(piece, ordering: .relaxed) }
                }
                done.signal()
            }
        }
        for _ in 0..<jobs { done.wait() }
        #expect(sum.load(ordering: .relaxed) == jobs * 50 * 120)
    }

    @Test func piecesMayHavePiecesOfTheirOwn() {
        let pool = WorkerPool(workers: 3)
        defer { pool.stop() }
        let calls = Atomic(0)
        pool.run(pieces: 6) { _ in
            pool.run(pieces: 5) { _ in
                pool.run(pieces: 4) { _ in calls.wrappingAdd(1, ordering: .relaxed) }
            }
        }
        #expect(calls.load(ordering: .relaxed) == 120)
    }

    @Test func thereAreNoMoreThreadsThanWorkers() {
        let pool = WorkerPool(workers: 3)
        defer { pool.stop() }
        let threads = Locked<Set<UInt>>([])
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<30 {
            pool.submit {
                pool.run(pieces: 8) { _ in
                    _ = threads.withLock { $0.insert(UInt(pthread_self())) }
                    usleep(200)
                }
                done.signal()
            }
        }
        for _ in 0..<30 { done.wait() }
        #expect(threads.withLock(\.count) <= 3)
    }

    @Test func idleWorkersHelp() {
        let pool = WorkerPool(workers: 2)
        defer { pool.stop() }
        let threads = Locked<Set<UInt>>([])
        let done = DispatchSemaphore(value: 0)
        pool.submit {
            pool.run(pieces: 50) { _ in
                _ = threads.withLock { $0.insert(UInt(pthread_self())) }
                usleep(1000)
            }
            done.signal()
        }
        done.wait()
        #expect(threads.withLock(\.count) == 2)
    }

    /// Two workers with a piece each have nobody to share the pieces of these with.
    @Test func whoHelpsIsBusy() {
        let pool = WorkerPool(workers: 2)
        defer { pool.stop() }
        let arrived = Atomic(0)
        let left = Atomic(0)
        let foundHelpers = Locked<[Bool]>([])
        let done = DispatchSemaphore(value: 0)
        pool.submit {
            pool.run(pieces: 2) { _ in
                arrived.wrappingAdd(1, ordering: .relaxed)
                while arrived.load(ordering: .relaxed) < 2 { sched_yield() }
                let found = pool.hasHelpers
                foundHelpers.withLock { $0.append(found) }
                left.wrappingAdd(1, ordering: .relaxed)
                while left.load(ordering: .relaxed) < 2 { sched_yield() }
            }
            let found = pool.hasHelpers
            foundHelpers.withLock { $0.append(found) }
            done.signal()
        }
        done.wait()
        #expect(foundHelpers.withLock(\.self) == [false, false, true])
    }

    @Test func jobsBeginInTheirOrder() {
        let pool = WorkerPool(workers: 1)
        let order = Locked<[Int]>([])
        for index in 0..<3_000 { pool.submit { order.withLock { $0.append(index) } } }
        let done = DispatchSemaphore(value: 0)
        pool.submit { done.signal() }
        done.wait()
        pool.stop()
        #expect(order.withLock(\.self) == Array(0..<3_000))
    }
}
