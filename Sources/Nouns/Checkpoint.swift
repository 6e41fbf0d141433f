import Foundation

/// All that is needed to go on with a trial from here to the same final bits.
public struct Checkpoint: Sendable, Equatable {
    /// How many of its steps are done: of a meta-training, meta-steps.
    public var step: Int
    /// The state, as whoever wrote it reads it.
    public var data: Data

    public init(step: Int, data: Data) {
        self.step = step
        self.data = data
    }
}
