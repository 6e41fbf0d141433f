import KernelTemplates

/// Names one stream of random numbers. Equal keys give equal numbers, on every machine and for ever.
///
/// A program starts from one key made of a seed, and derives a key for each thing that draws: a trial, a step, a
/// purpose. So no draw depends on how many others came before it, or on which thread made them:
///
///     let trial = RandomKey(seed: 1).derived("trial", 7)
///     var weights = RandomStream(trial.derived("initial weights"))
///     var batch = RandomStream(trial.derived("minibatch", step))
///
/// How keys are made and derived is frozen: old results could not be verified if it changed.
public struct RandomKey: Sendable, Hashable {
    /// The key of the Philox generator.
    @usableFromInline let key: UInt64

    /// The upper half of the generator's counter, so that two streams meet only if all 128 bits are equal.
    @usableFromInline let stream: UInt64

    @usableFromInline
    init(key: UInt64, stream: UInt64) {
        self.key = key
        self.stream = stream
    }

    /// The key that all others of a program are derived from. Different seeds give different keys.
    public init(seed: UInt64) {
        self.init(key: seed, stream: 0)
    }

    /// The key for one purpose, and for one of many of its kind. Derivations can be chained.
    ///
    /// One key's derivations are all different as long as their purposes' hashes are (64-bit FNV-1a of the UTF-8
    /// bytes); those of different keys meet by chance alone, once in 2^128. Costs two Philox blocks (some 60 ns).
    public func derived(_ purpose: String, _ index: UInt64 = 0) -> RandomKey {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in purpose.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        let first = Philox4x32.block(low: hash, high: index, key: key)
        // "derived!" in ASCII: a key of its own, so that a derived key is never a number that the parent can draw.
        let second = Philox4x32.block(low: first.low ^ stream, high: first.high, key: 0x6465_7269_7665_6421)
        return RandomKey(key: second.low, stream: second.high)
    }
}
