/// How a learning rate η changes over T steps.
///
/// With w steps of warmup the rate rises linearly, η t / w at step t ≤ w; what it then does, it does over the T − w steps
/// that are left, of which the share p = (t − 1 − w) / (T − w) is over at step t.
public struct LearningRateSchedule: Hashable, Sendable {
    public enum Shape: Hashable, Sendable {
        /// η.
        case constant
        /// η, and over the last share of the steps linearly to 0: η min(1, (1 − p) / share) (Hägele et al. 2024).
        case stableDecay(share: Double)
        /// η (1 + cos π p) / 2 (Loshchilov and Hutter 2017).
        case cosine
        /// η (1 − p).
        case linear
        /// η to^p.
        case exponential(to: Double)
        /// η times the factor once for each of these shares of all T steps that are over, whatever the warmup.
        case step(at: [Double], factor: Double)
        /// The same, at steps: the first changed step is the one after so many.
        case stepAfter([Int], factor: Double)
    }

    public let shape: Shape
    /// Steps over which it rises at first.
    public let warmup: Int

    public init(_ shape: Shape, warmup: Int = 0) {
        self.shape = shape
        self.warmup = warmup
    }

    public static let constant = LearningRateSchedule(.constant)

    func value(of rate: Double, step: Int, of steps: Int) -> Double {
        if step <= warmup { return rate * Double(step) / Double(warmup) }
        let progress = Self.progress(step - 1 - warmup, of: steps - warmup)
        switch shape {
        case .constant: return rate
        case .stableDecay(let share): return rate * min(1, (1 - progress) / share)
        case .linear: return rate * (1 - progress)
        case .exponential(let last): return rate / Elementary.power(1 / last, progress)
        case .cosine:
            let sine = Elementary.sine(progress * Double.pi / 2)
            return rate * (1 - sine * sine)
        case .step(let shares, let factor):
            let whole = Self.progress(step - 1, of: steps)
            return Self.fallen(rate, times: shares.count { whole >= $0 }, factor)
        case .stepAfter(let places, let factor):
            return Self.fallen(rate, times: places.count { step > $0 }, factor)
        }
    }

    private static func progress(_ done: Int, of steps: Int) -> Double {
        min(Double(done) / Double(max(steps, 1)), 1)
    }

    private static func fallen(_ rate: Double, times: Int, _ factor: Double) -> Double {
        (0..<times).reduce(rate) { rate, _ in rate / (1 / factor) }
    }
}
