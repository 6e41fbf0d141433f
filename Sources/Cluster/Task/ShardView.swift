import Dispatch
import Foundation
import JournalStore

/// Shows others how far a shard is while its task writes it: a copy that is replaced now and then.
final class ShardView {
    /// Seconds from one copy to the next, at least; and how many times as long as a copy took.
    private static let period = 10.0
    private static let patience = 20.0

    private let shard: Journal
    private let file: String
    private let queue = DispatchQueue(label: "journal.view")
    private let clock: any DispatchSourceTimer
    /// Touched on the queue alone.
    private var restsUntil = DispatchTime.now()

    init(of shard: Journal, at file: String) {
        self.shard = shard
        self.file = file
        clock = DispatchSource.makeTimerSource(queue: queue)
        clock.schedule(deadline: .now() + Self.period, repeating: Self.period)
        clock.setEventHandler { [weak self] in self?.show() }
        clock.activate()
    }

    deinit { clock.cancel() }

    /// Shows nothing more: the shard itself is done.
    func end() {
        clock.cancel()
        queue.sync {}
        try? FileManager.default.removeItem(atPath: file)
    }

    /// That nobody can look on stops no work.
    private func show() {
        let start = DispatchTime.now()
        guard start >= restsUntil else { return }
        let new = "\(file).new"
        try? FileManager.default.removeItem(atPath: new)
        guard (try? shard.copyAsItIs(to: new)) != nil, rename(new, file) == 0 else { return }
        let end = DispatchTime.now()
        restsUntil = end + .nanoseconds(Int(Double(end.uptimeNanoseconds - start.uptimeNanoseconds) * Self.patience))
    }
}
