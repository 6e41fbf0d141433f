/// Someone who waits for a run and wants to know how it goes. Called from any thread.
public protocol RunObserver: Sendable {
    /// An experiment begins.
    ///
    /// - Parameters:
    ///   - total: all its work, in steps of optimizees.
    ///   - done: the part of it that an earlier run did.
    func begin(total: Double, done: Double)

    /// There is more to do than was told.
    ///
    /// - Parameter total: all the experiment's work, what is done included.
    func extend(total: Double)

    /// More of it is done.
    ///
    /// - Parameters:
    ///   - done: the work done so far.
    ///   - label: what is under way.
    func update(done: Double, label: String)

    /// Something worth a line of its own, in whole words.
    func message(_ text: String)

    /// As a message, of what is as it should be: nothing for those who asked for silence.
    func remark(_ text: String)

    /// The experiment ends, well or not.
    func end()
}

/// Tells nobody how a run goes.
public struct SilentObserver: RunObserver {
    public init() {}

    public func begin(total: Double, done: Double) {}
    public func extend(total: Double) {}
    public func update(done: Double, label: String) {}
    public func message(_ text: String) {}
    public func remark(_ text: String) {}
    public func end() {}
}
