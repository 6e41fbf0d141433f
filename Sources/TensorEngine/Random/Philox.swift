/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as
/// 1, 2, 3" (SC11): a bijection of 128-bit counters for each 64-bit key that passes the usual batteries of tests.
///
/// It has no state, so a draw depends on its key and its counter alone, never on what other threads drew.
@usableFromInline
enum Philox4x32 {
    /// The 128 bits at a counter. A 64-bit value holds two of the paper's 32-bit words, the first in its lower half.
    ///
    /// Plain 64-bit arithmetic on 32-bit words, because vectors and full-width products crawl in debug builds.
    @inlinable
    static func block(low: UInt64, high: UInt64, key: UInt64) -> (low: UInt64, high: UInt64) {
        let mask: UInt64 = 0xFFFF_FFFF
        var word0 = low & mask
        var word1 = low &>> 32
        var word2 = high & mask
        var word3 = high &>> 32
        var key0 = key & mask
        var key1 = key &>> 32
        var round = 0
        while round < 10 {
            let product0 = 0xD251_1F53 &* word0
            let product1 = 0xCD9E_8D57 &* word2
            word0 = (product1 &>> 32) ^ word1 ^ key0
            word1 = product1 & mask
            word2 = (product0 &>> 32) ^ word3 ^ key1
            word3 = product0 & mask
            key0 = (key0 &+ 0x9E37_79B9) & mask
            key1 = (key1 &+ 0xBB67_AE85) & mask
            round &+= 1
        }
        return (word0 | word1 &<< 32, word2 | word3 &<< 32)
    }
}
