import Synchronization

/// Says once and for all, to any number of threads, that work shall stop.
public final class StopFlag: Sendable {
    private let flag = Atomic(false)

    public init() {}

    public var isSet: Bool { flag.load(ordering: .relaxed) }

    public func set() { flag.store(true, ordering: .relaxed) }
}
