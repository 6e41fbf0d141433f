/// Runs the pieces of one computation, in any order and on any threads.
///
/// A computation is cut into pieces whose number never depends on how many threads there are, so that its result
/// doesn't either.
public protocol PieceExecutor: Sendable {
    /// Whether others than the calling thread may run pieces now. Where not, what can be computed as a whole costs less
    /// than its pieces.
    var hasHelpers: Bool { get }

    /// Calls `body` once with each number below `count`, and returns when all calls have.
    func run(pieces count: Int, _ body: @Sendable (Int) -> Void)
}

/// Runs pieces one after the other on the calling thread.
public struct SerialPieces: PieceExecutor {
    public init() {}

    public var hasHelpers: Bool { false }

    public func run(pieces count: Int, _ body: @Sendable (Int) -> Void) {
        for piece in 0..<count { body(piece) }
    }
}
