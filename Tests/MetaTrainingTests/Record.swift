import Foundation
import Locking
import MetaTraining
import Nouns
import TensorEngine

/// What a trial told, in order.
final class Record: Sendable {
    private let events = Locked<[TrialEvent]>([])

    func context(cancelAfter limit: Int = .max, on executor: any PieceExecutor = SerialPieces()) -> TrialContext {
        TrialContext(
            executor: executor,
            isCancelled: { self.points(.metaLoss).count + self.points(.loss).count >= limit },
            emit: { event in self.events.withLock { $0.append(event) } }, now: { 0 })
    }

    func points(_ wanted: Metric) -> [Double] {
        events.withLock { events in
            events.flatMap { event -> [Double] in
                if case .points(wanted, _, _, let values) = event { return values }
                return []
            }
        }
    }

    var lastCheckpoint: Checkpoint? {
        events.withLock { events in
            for case .checkpoint(let checkpoint) in events.reversed() { return checkpoint }
            return nil
        }
    }

    var snapshots: [Int] {
        events.withLock { events in
            events.compactMap { if case .snapshot(let step, _) = $0 { step } else { nil } }
        }
    }
}
