import Testing

@testable import Analysis

struct RoundRangesTests {
    @Test(arguments: [
        ([], []), ([5], [5..<6]), ([1, 2], [1..<2, 2..<3]),
        // Twelve values: two groups of six, parted at the roundest number between 1,700 and 21,000.
        (
            [1200, 1300, 1400, 1500, 1600, 1700, 21000, 22000, 23000, 24000, 25000, 26000],
            [1200..<10000, 10000..<27000]
        ),
        // Equal values stay together, here eleven of twelve.
        ([7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 9], [7..<8, 8..<10]),
    ])
    func knownRanges(values: [Int], ranges: [Range<Int>]) {
        #expect(RoundRanges.parting(values) == ranges)
        #expect(RoundRanges.parting(values.reversed()) == ranges)
    }

    @Test(arguments: [
        (1700, 21000, 10000), (31204, 33871, 33000), (15910, 15990, 15950), (99, 100, 100), (0, 1, 1), (4, 5, 5),
        (2310, 7890, 5000),
    ])
    func theRoundestNumber(low: Int, high: Int, expected: Int) {
        #expect(RoundRanges.roundest(above: low, upTo: high) == expected)
    }

    @Test(arguments: 1...300)
    func rangesAdjoinAndPartTheValuesEvenly(seed: UInt64) {
        var random = CounterRandom(seed: seed)
        let count = 1 + random.next(below: 60)
        let width = [3, 100, 300_000][random.next(below: 3)]
        let values = (0..<count).map { _ in random.next(below: width) }
        let ranges = RoundRanges.parting(values)
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        let sizes = ranges.map { range in values.count(where: range.contains) }
        #expect(sizes.reduce(0, +) == count)
        #expect(!sizes.contains(0))
        #expect(ranges.count <= RoundRanges.mostGroups)
        #expect(ranges.count > 1 || Set(values).count == 1)
        if Set(values).count == count, count >= 12 {
            #expect(sizes.allSatisfy { $0 >= RoundRanges.usualGroup })
        }
    }
}
