import Dispatch
import Foundation
import Locking

/// What a writing journal does while another program holds the file locked, as a database browser with unsaved changes
/// does: it waits, says so, and goes on when the file is free.
public final class LockPatience: Sendable {
    private struct State {
        var beganAt: UInt64 = 0
        var hasSaid = false
    }

    private let report: @Sendable (String) -> Void
    private let isToldToStop: @Sendable () -> Bool
    private let state = Locked(State())

    /// Seconds of waiting that are worth no word.
    private static let silence = 3.0
    /// Seconds that are waited in any case, also once the program is told to stop.
    private static let least = 10.0
    /// Seconds after which it is given up.
    private static let most = 3600.0

    /// - Parameters:
    ///   - report: receives a line when the waiting has become long, and one when it is over.
    ///   - isToldToStop: whether the program was told to stop, so that waiting is soon given up.
    public init(
        report: @escaping @Sendable (String) -> Void = { _ in },
        isToldToStop: @escaping @Sendable () -> Bool = { false }
    ) {
        self.report = report
        self.isToldToStop = isToldToStop
    }

    /// Waits a moment.
    ///
    /// - Parameter tries: how often it has been called for this lock before.
    /// - Returns: whether to try again.
    func waits(for path: String, tries: Int) -> Bool {
        let now = DispatchTime.now().uptimeNanoseconds
        let (waited, isNews) = state.withLock { state in
            if tries == 0 { state.beganAt = now }
            let waited = Double(now - state.beganAt) * 1e-9
            let isNews = waited > Self.silence && !state.hasSaid
            if isNews { state.hasSaid = true }
            return (waited, isNews)
        }
        if isNews {
            report(
                "\(path) is locked by another program, such as a database browser with unsaved changes: waiting for it."
            )
        }
        guard waited < (isToldToStop() ? Self.least : Self.most) else { return false }
        usleep(tries < 20 ? 2_000 : 50_000)
        return true
    }

    /// The file was written to.
    func goOn() {
        let wasSaid = state.withLock { state in
            defer { state.hasSaid = false }
            return state.hasSaid
        }
        if wasSaid { report("The journal is free again.") }
    }
}
