import TensorKernels
import Testing

@testable import TensorEngine

/// Bits that must never change: every stored result was made from them. The expected values come from Random123's
/// published known answers and from a separate implementation in exact arithmetic.
@Suite struct RandomFrozenTests {
    @Test func philoxGivesThePublishedKnownAnswers() {
        let zeros = Philox4x32.block(low: 0, high: 0, key: 0)
        #expect(zeros.low == 0xe169_c58d_6627_e8d5)
        #expect(zeros.high == 0x9b00_dbd8_bc57_ac4c)

        let ones = Philox4x32.block(low: .max, high: .max, key: .max)
        #expect(ones.low == 0x41c8_3b0e_408f_276d)
        #expect(ones.high == 0x6d54_51fd_a20b_c7c6)

        let digitsOfPi = Philox4x32.block(
            low: 0x85a3_08d3_243f_6a88, high: 0x0370_7344_1319_8a2e, key: 0x299f_31d0_a409_3822)
        #expect(digitsOfPi.low == 0x94fd_cceb_d16c_fe09)
        #expect(digitsOfPi.high == 0x2412_6ea1_5001_e420)
    }

    @Test func streamsKeepTheirBits() {
        var stream = RandomStream(RandomKey(seed: 1))
        let drawn = (0..<4).map { _ in stream.nextUInt64() }
        #expect(
            drawn == [
                0xe50a_0ebc_e3e8_0670, 0xb615_aa27_95f2_22c0, 0xdfc5_ccbe_ac08_141b, 0xa7f6_6093_79c0_7a47,
            ])
    }

    @Test func derivedKeysKeepTheirBits() {
        var batches = RandomStream(RandomKey(seed: 1).derived("trial", 7).derived("minibatch", 3))
        #expect(batches.nextUInt64() == 0xfd2c_8e4e_58a4_efcc)
        #expect(batches.nextUInt64() == 0x1e88_b407_3b55_8070)

        var beyondASCII = RandomStream(RandomKey(seed: 1).derived("größe"))
        #expect(beyondASCII.nextUInt64() == 0xa788_d7a8_1983_bc50)
    }

    @Test func normalNumbersKeepTheirBits() {
        var stream = RandomStream(RandomKey(seed: 1))
        let drawn = (0..<8).map { _ in stream.normal() }
        let exact = [
            -0.26712952887647175205, -0.80202905198990082175, -0.32098221284104995198, -1.0106032974205520628,
            -1.5848497926986110572, -0.19783180824637948038, 0.091730228168815292635, 0.13541596420637275363,
        ]
        for (value, exact) in zip(drawn, exact) {
            #expect(abs(value - exact) <= 4e-16 * abs(exact))
        }
        #expect(drawn.map(\.bitPattern) == frozenNormalBits)
    }

    @Test func permutationsKeepTheirOrder() {
        var stream = RandomStream(RandomKey(seed: 1))
        #expect(stream.permutation(of: 10) == [2, 1, 5, 0, 7, 3, 4, 9, 6, 8])
    }
}

@Suite struct RandomQualityTests {
    @Test func normalQuantileIsAccurateFromTheMiddleToTheTails() {
        let exact: [(offset: Double, quantile: Double)] = [
            (0.1, 0.25334710313579981317), (0.425, 1.4395314709384558369), (0.43, 1.4757910281791706856),
            (0.4999, 3.7190164854557083867), (0.4999999999, 6.3613408896974218642),
            (0.4999999999999, 7.3488287482023110211), (0.5 - 0x1p-54, 8.2923610758135955382),
        ]
        for (offset, quantile) in exact {
            #expect(abs(normalQuantile(centeredProbability: offset) / quantile - 1) < 1e-15)
            #expect(normalQuantile(centeredProbability: -offset) == -normalQuantile(centeredProbability: offset))
        }
    }

    @Test func aMillionNormalNumbersHaveTheRightMomentsAndTails() {
        let count = 1_000_000
        var stream = RandomStream(RandomKey(seed: 2).derived("moments"))
        let values = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            stream.fillNormal(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            filled = count
        }
        var sums = (0.0, 0.0, 0.0, 0.0)
        var beyond = (two: 0, four: 0)
        values.withUnsafeBufferPointer { values in
            var position = 0
            while position < count {
                let value = values[position]
                let square = value * value
                sums.0 += value
                sums.1 += square
                sums.2 += square * value
                sums.3 += square * square
                if square > 4 { beyond.two += 1 }
                if square > 16 { beyond.four += 1 }
                position += 1
            }
        }
        // Each bound is five standard errors of the estimate.
        let size = Double(count)
        #expect(abs(sums.0 / size) < 5 * (1 / size).squareRoot())
        #expect(abs(sums.1 / size - 1) < 5 * (2 / size).squareRoot())
        #expect(abs(sums.2 / size) < 5 * (15 / size).squareRoot())
        #expect(abs(sums.3 / size - 3) < 5 * (96 / size).squareRoot())
        #expect(abs(Double(beyond.two) - 45_500.3) < 5 * 208.4)
        #expect(abs(Double(beyond.four) - 63.3) < 5 * 7.96)
    }

    @Test func indicesAreEvenlySpread() {
        var stream = RandomStream(RandomKey(seed: 3))
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 {
            counts[stream.index(below: 7)] += 1
        }
        let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
        #expect(chiSquare < 22.5, "six degrees of freedom: exceeded once in a thousand")
    }

    /// With a bound of 3/4 of the range, a fourth of the draws must be rejected, or some indices come twice as often.
    @Test func hugeBoundsAreNotBiased() {
        let bound = Int.max / 2 + Int.max / 4
        var stream = RandomStream(RandomKey(seed: 4))
        var inLowerThird = 0
        for _ in 0..<30_000 where stream.index(below: bound) < bound / 3 {
            inLowerThird += 1
        }
        #expect(abs(Double(inLowerThird) - 10_000) < 5 * 81.6)
    }

    @Test func permutationsHoldEveryIndexOnce() {
        var stream = RandomStream(RandomKey(seed: 5))
        #expect(stream.permutation(of: 1000).sorted() == Array(0..<1000))
        #expect(stream.permutation(of: 1) == [0])
        #expect(stream.permutation(of: 0) == [])
    }
}

@Suite struct RandomStreamTests {
    @Test func uniformNumbersStayInsideTheirRange() {
        var stream = RandomStream(RandomKey(seed: 6))
        let narrow = 1.0..<1.0.nextUp.nextUp
        for _ in 0..<1000 {
            #expect(narrow.contains(stream.uniform(in: narrow)))
        }
        var singles = [Float](repeating: 0, count: 1000)
        let singleRange = Double(Float(1).nextDown)..<1
        singles.withUnsafeMutableBufferPointer { stream.fillUniform($0, in: singleRange) }
        #expect(singles.allSatisfy { $0 == Float(1).nextDown })
    }

    @Test func fillingMemoryIsTheSameAsDrawingOneByOne() {
        var filled = RandomStream(RandomKey(seed: 7))
        var drawn = filled
        var singles = [Float](repeating: 0, count: 33)
        singles.withUnsafeMutableBufferPointer { filled.fillNormal($0, mean: 1, deviation: 0.5) }
        #expect(singles == (0..<33).map { _ in Float(1 + 0.5 * drawn.normal()) })

        var doubles = [Double](repeating: 0, count: 5)
        doubles.withUnsafeMutableBufferPointer { filled.fillUniform($0, in: -2..<3) }
        #expect(doubles == (0..<5).map { _ in drawn.uniform(in: -2..<3) })
    }

    @Test func keysThatDifferInAnythingDrawDifferently() {
        let parent = RandomKey(seed: 8)
        let keys = [
            parent, RandomKey(seed: 9), parent.derived("a"), parent.derived("b"), parent.derived("a", 1),
            parent.derived("a").derived("a"), RandomKey(seed: 9).derived("a"), parent.derived(""),
        ]
        let firsts = keys.map { key in
            var stream = RandomStream(key)
            return stream.nextUInt64()
        }
        #expect(Set(firsts).count == keys.count)
        #expect(Set(keys).count == keys.count)
    }
}

private let frozenNormalBits: [UInt64] = [
    0xbfd1_18a6_7394_8059, 0xbfe9_aa38_d497_a1db, 0xbfd4_8af8_fab0_0058, 0xbff0_2b6e_5cfa_6aa0,
    0xbff9_5b8b_74cb_6818, 0xbfc9_528d_7d43_6c51, 0x3fb7_7ba1_da0a_2872, 0x3fc1_554f_70cf_b3e6,
]
