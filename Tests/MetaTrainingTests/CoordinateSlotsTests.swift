import TensorEngine
import Testing

@testable import MetaTraining

@Suite("The slots of coordinates that don't rest")
struct CoordinateSlotsTests {
    /// Wakes coordinates at one step after the other.
    private func slots(count: Int, waking steps: [[Int]]) -> CoordinateSlots {
        let slots = CoordinateSlots(count: count)
        for coordinates in steps {
            let gradient = ElementBuffer<Float>(count: count)
            for coordinate in coordinates { gradient.start[coordinate] = 1 }
            slots.wake(gradient.start)
        }
        return slots
    }

    private func coordinates(_ slots: CoordinateSlots) -> [Int] {
        (0..<slots.awakeCount).map { Int(slots.coordinates[$0]) }
    }

    @Test func areTakenInTheOrderOfAwakening() {
        let slots = slots(count: 8, waking: [[5, 2], [2, 7, 0], [5]])
        #expect(coordinates(slots) == [2, 5, 0, 7])
        #expect((0..<8).map { slots.ofCoordinates[$0] } == [2, -1, 0, -1, -1, 1, -1, 3])
        #expect((0..<slots.restingCount).map { slots.restingCoordinates[$0] } == [1, 3, 4, 6])
    }

    @Test func negativeZerosAndNaNsAreGradients() {
        let slots = CoordinateSlots(count: 3)
        let gradient = ElementBuffer<Double>([-0.0, 0, .nan])
        slots.wake(gradient.start)
        #expect(coordinates(slots) == [0, 2])
    }

    @Test func sortingKeepsThemAndTellsTheNewOrderFirst() {
        let slots = slots(count: 8, waking: [[5, 2], [7, 0]])
        var told: [Int32] = []
        slots.sort { order in
            told = (0..<4).map { order[$0] }
            #expect((0..<8).map { slots.ofCoordinates[$0] } == [2, -1, 0, -1, -1, 1, -1, 3])
        }
        #expect(told == [0, 2, 5, 7])
        #expect(coordinates(slots) == [0, 2, 5, 7])
        #expect((0..<8).map { slots.ofCoordinates[$0] } == [0, -1, 1, -1, -1, 2, -1, 3])
        let gradient = ElementBuffer<Float>([0, 1, 0, 0, 0, 0, 0, 0])
        slots.wake(gradient.start)
        #expect(coordinates(slots) == [0, 2, 5, 7, 1])
        slots.start()
        #expect(slots.awakeCount == 0 && slots.restingCount == 8 && slots.ofCoordinates[5] == -1)
    }

    /// Whole rows that woke at different steps are not; every second coordinate of what woke by two halves is.
    @Test func areScatteredWhereTheyWokeOneByOne() {
        let count = 400
        let rows = slots(count: count, waking: [Array(200..<300), Array(0..<100), Array(100..<200)])
        #expect(!rows.isScattered)
        let halves = [0, 1].map { parity in (0..<count).filter { $0 % 2 == parity } }
        let scattered = slots(count: count, waking: halves)
        #expect(scattered.isScattered)
        scattered.sort { _ in }
        #expect(!scattered.isScattered)
        // Nothing would be gained: they have no neighbours.
        #expect(!slots(count: count, waking: [halves[1]]).isScattered)
        #expect(!slots(count: count, waking: []).isScattered)
    }
}
