/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as
/// 1, 2, 3" (SC11): a bijection of 128-bit counters for each 64-bit key that passes the usual batteries of tests.
///
/// It has no state, so a draw depends on its key and its counter alone, never on what other threads drew.
public enum Philox4x32 {
    /// The 128 bits at a counter. A 64-bit value holds two of the paper's 32-bit words, the first in its lower half.
    ///
    /// Plain 64-bit arithmetic on 32-bit words, because vectors and full-width products crawl in debug builds; and no loop,
    /// so that one over many counters becomes vector instructions.
    @inlinable @inline(always)
    public static func block(low: UInt64, high: UInt64, key: UInt64) -> (low: UInt64, high: UInt64) {
        let mask: UInt64 = 0xFFFF_FFFF
        var state = (low & mask, low &>> 32, high & mask, high &>> 32)
        round(&state, key, 0)
        round(&state, key, 1)
        round(&state, key, 2)
        round(&state, key, 3)
        round(&state, key, 4)
        round(&state, key, 5)
        round(&state, key, 6)
        round(&state, key, 7)
        round(&state, key, 8)
        round(&state, key, 9)
        return (state.0 | state.1 &<< 32, state.2 | state.3 &<< 32)
    }

    @inlinable @inline(always)
    static func round(_ state: inout (UInt64, UInt64, UInt64, UInt64), _ key: UInt64, _ number: UInt64) {
        let mask: UInt64 = 0xFFFF_FFFF
        let key0 = ((key & mask) &+ number &* 0x9E37_79B9) & mask
        let key1 = ((key &>> 32) &+ number &* 0xBB67_AE85) & mask
        let product0 = 0xD251_1F53 &* state.0
        let product1 = 0xCD9E_8D57 &* state.2
        state = (
            (product1 &>> 32) ^ state.1 ^ key0, product1 & mask, (product0 &>> 32) ^ state.3 ^ key1, product0 & mask
        )
    }
}
