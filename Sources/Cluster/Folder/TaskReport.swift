import Foundation

/// How far an attempt at a share has come, as its task says: a small file that is replaced as a whole, which whoever waits
/// reads without opening the shard.
struct TaskReport: Codable, Sendable, Equatable {
    enum State: String, Codable {
        case running
        /// All its trials have come to their end.
        case completed
        /// It was told to stop, and has written checkpoints.
        case stopped
        /// It could not go on.
        case failed
        /// It may not run: the node's program is another one.
        case refused
        /// It is gone without having said so.
        case lost
    }

    var share: Int
    var attempt: Int
    /// The task's name in the queue, and the node it runs on.
    var job: String
    var node: String
    var state = State.running
    /// Why it has come to its state, in words.
    var message: String?
    /// All its work and how much of it is done, in steps of optimizees.
    var total = 0.0
    var done = 0.0
    /// Whether the attempt has completed trials or written checkpoints, so that the next one begins further on.
    var isAhead = false
    /// What is under way.
    var label = ""

    /// Whether it ended without having brought its share to an end, and without any fault of its own.
    var isStoppedOnItsWay: Bool { state == .stopped && isAhead }
}
