import TensorEngine
import Testing

@testable import MetaTraining

@Suite("The coordinates that walk back")
struct ReachedCoordinatesTests {
    /// Coordinate, and how far it goes back: those of later chunks first, each in order.
    @Test func areOrderedByTheChunkThatReachesThem() {
        // Three chunks of two steps; each coordinate's gradients before step 0, 1, … and after the last.
        let gradients: [[Float]] = [
            [1, 0, 0, 0, 0, 0, 0],  // only before the first step, which nothing leads to
            [0, 1, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 2],
            [0, 0, 0, 0, 0, 0, 0],
            [1, 1, 1, 1, 0, 0, 0],
            [0, 0, 0, 0, 0, -1, 0],
            [0, 0, 0, .nan, 0, 0, 0],
            [0, 0, 1, 0, 0, 0, 0],
        ]
        let stride = gradients.count + 3
        var flat = [Float](repeating: 7, count: stride * 7)
        for (coordinate, values) in gradients.enumerated() {
            for (step, value) in values.enumerated() { flat[step * stride + coordinate] = value }
        }
        let buffer = ElementBuffer(flat)
        var reached = ReachedCoordinates(parameterCount: gradients.count, chunkCount: 3)
        for _ in 0..<2 {
            reached.find(in: buffer.start, stride: stride, chunkLength: 2)
            #expect(coordinates(reached) == [2, 5, 4, 6, 1, 7])
            #expect((0..<reached.count).map { reached.chunks(at: $0) } == [3, 3, 2, 2, 1, 1])
            #expect(reached.blockCount(length: 4) == 2)
        }
    }

    @Test func neighboursComeInRuns() {
        let buffer = ElementBuffer<Double>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0])
        var reached = ReachedCoordinates(parameterCount: 10, chunkCount: 1)
        reached.find(in: buffer.start, stride: 10, chunkLength: 1)
        var runs: [[Int]] = []
        reached.forEachRun(1..<6) { runs.append([$0, $1.first, $1.count]) }
        #expect(runs == [[1, 1, 4], [5, 7, 1]])
        #expect(coordinates(reached) == [0, 1, 2, 3, 4, 7, 8])
    }

    @Test func mayBeNone() {
        let buffer = ElementBuffer<Float>(count: 30)
        var reached = ReachedCoordinates(parameterCount: 10, chunkCount: 1)
        reached.find(in: buffer.start, stride: 10, chunkLength: 2)
        #expect(reached.count == 0)
        #expect(reached.blockCount(length: 64) == 0)
    }

    private func coordinates(_ reached: ReachedCoordinates) -> [Int] {
        var result: [Int] = []
        reached.forEachRun(0..<reached.count) { position, run in
            #expect(position == result.count)
            result += run.first..<run.first + run.count
        }
        return result
    }
}
