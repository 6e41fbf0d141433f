import Foundation
import Synchronization

/// The pieces of one computation, for several threads to take one after the other.
///
/// It lives as long as the call that opened it needs, and a helper may hold on to it a little longer: it then finds no
/// piece left, and never touches the body, which is gone.
final class PieceRun: @unchecked Sendable {
    typealias Body = @Sendable (Int) -> Void

    let count: Int
    private let body: UnsafePointer<Body>
    private let next = Atomic(0)
    private let finished = Atomic(0)

    /// Looks at the counter before the thread that waits lets others run.
    private static let patience = 2_000

    /// - Parameter body: outlives every piece: `waitForHelpers` must have returned before it ends.
    init(count: Int, body: UnsafePointer<Body>) {
        self.count = count
        self.body = body
    }

    var hasPieces: Bool { next.load(ordering: .relaxed) < count }

    /// Takes pieces until none is left, on the thread that opened it.
    func work() {
        while let piece = nextPiece() {
            call(piece)
            finished.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// Takes pieces until none is left, on another thread.
    ///
    /// - Parameter busy: counts that thread while it is at a piece. It is through before the piece counts as finished, so
    ///   whoever waited for that finds the helper free again.
    func help(_ busy: borrowing Atomic<Int>) {
        while let piece = nextPiece() {
            busy.wrappingAdd(1, ordering: .relaxed)
            call(piece)
            busy.wrappingSubtract(1, ordering: .relaxed)
            finished.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// Waits for the pieces that others have taken; each takes at most a few hundred microseconds.
    func waitForHelpers() {
        var looks = 0
        while finished.load(ordering: .acquiring) < count {
            looks += 1
            if looks > Self.patience { sched_yield() }
        }
    }

    private func nextPiece() -> Int? {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return piece < count ? piece : nil
    }

    /// A function of its own, so that the body is released before the piece counts as finished.
    @inline(never)
    private func call(_ piece: Int) {
        body.pointee(piece)
    }
}
