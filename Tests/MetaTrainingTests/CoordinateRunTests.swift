import Testing

@testable import MetaTraining

@Suite("Rows of coordinates")
struct CoordinateRunTests {
    private func parts(_ run: CoordinateRun, slots: [Int32]?, length: Int) -> [[Int]] {
        var result: [[Int]] = []
        func collect(_ slots: UnsafePointer<Int32>?) {
            run.forEachPart(slots: slots, length: length) { part, slot in
                result.append([part.first, part.count, slot])
            }
        }
        if let slots { slots.withUnsafeBufferPointer { collect($0.baseAddress!) } } else { collect(nil) }
        return result
    }

    @Test func listsFallIntoRows() {
        let list: [Int32] = [7, 8, 9, 2, 3, 11, 10]
        var rows: [[Int]] = []
        list.withUnsafeBufferPointer { list in
            list.baseAddress!.forEachRun(1..<7) { rows.append([$0, $1.first, $1.count]) }
        }
        #expect(rows == [[1, 8, 2], [3, 2, 2], [5, 11, 1], [6, 10, 1]])
    }

    @Test func withoutSlotsPartsEndWithBlocks() {
        #expect(
            parts(CoordinateRun(first: 3, count: 7), slots: nil, length: 4) == [[3, 1, 3], [4, 4, 4], [8, 2, 8]])
    }

    @Test func slotsOfAPartAreNeighboursInABlock() {
        let slots: [Int32] = [5, 6, 7, 8, -1, -1, 0, 2, 3]
        let whole = CoordinateRun(first: 0, count: 9)
        let expected = [[0, 3, 5], [3, 1, 8], [4, 2, -1], [6, 1, 0], [7, 2, 2]]
        #expect(parts(whole, slots: slots, length: 4) == expected)
        #expect(parts(CoordinateRun(first: 1, count: 1), slots: slots, length: 4) == [[1, 1, 6]])
    }

    /// What rests lies in one block too.
    @Test func noPartIsLongerThanABlock() {
        let slots = [Int32](repeating: -1, count: 10)
        let expected = [[0, 4, -1], [4, 4, -1], [8, 2, -1]]
        #expect(parts(CoordinateRun(first: 0, count: 10), slots: slots, length: 4) == expected)
    }
}
