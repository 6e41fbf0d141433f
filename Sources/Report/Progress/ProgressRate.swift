import Foundation

/// Work done per second, over a window that forgets exponentially.
///
/// Both the work and the time fade with the same factor, so the first figures are as unbiased as later ones.
struct ProgressRate: Sendable {
    private var work = 0.0
    private var time = 0.0
    private var lastDone: Double
    private var lastTime: Double

    /// The time in which the window forgets all but 37% of the past, in seconds.
    private static let memory = 20.0

    init(done: Double, at now: Double) {
        lastDone = done
        lastTime = now
    }

    /// The rate, or nil before any work was seen.
    var perSecond: Double? {
        work > 0 && time > 0 ? work / time : nil
    }

    mutating func record(done: Double, at now: Double) {
        let elapsed = max(0, now - lastTime)
        let fading = exp(-elapsed / Self.memory)
        work = work * fading + max(0, done - lastDone)
        time = time * fading + elapsed
        lastDone = done
        lastTime = now
    }
}
