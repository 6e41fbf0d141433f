import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Imitation: what is kept, and how errors are told")
struct ExperiencePoolTests {
    /// Pairs of which the first saw (0, 7) and is answered with 0, the next saw (1, 7) and is answered with −1.
    private func pool(capacity: Int, after insertions: Int) -> ExperiencePool<Double> {
        let pool = ExperiencePool<Double>(capacity: capacity, rows: 2)
        var stream = RandomStream(RandomKey(seed: 1))
        for index in 0..<insertions {
            let pair = pool.insert(&stream)
            (pair[0], pair[1], pair[2]) = (Double(index), 7, -Double(index))
        }
        return pool
    }

    private func numbers(_ pool: ExperiencePool<Double>) -> [Int] { (0..<pool.count).map { Int(pool.seen($0)[0]) } }

    @Test func aPoolIsFilledInOrder() {
        let (almost, full) = (pool(capacity: 50, after: 49), pool(capacity: 50, after: 50))
        #expect(almost.count == 49 && !almost.isFull)
        #expect(full.count == 50 && full.isFull)
        #expect(numbers(full) == Array(0..<50))
    }

    /// Of 1,000 pairs each survives a thousand replacements at random with the chance 0.999^1000: 368 ± 10 do.
    @Test func onceFullEachPairReplacesOneAtRandom() {
        let pool = pool(capacity: 1000, after: 2000)
        #expect(pool.count == 1000 && pool.insertions == 2000)
        #expect((0..<1000).allSatisfy { pool.answer($0) == -pool.seen($0)[0] && pool.seen($0)[1] == 7 })
        let places = numbers(pool).indices.filter { numbers(pool)[$0] < 1000 }
        #expect((320...415).contains(places.count))
        // Old pairs are left in all parts of it.
        for tenth in 0..<10 { #expect((15...60).contains(places.count { $0 / 100 == tenth })) }
        #expect(numbers(pool).contains(1999))
    }

    /// Means and squares of 0 to 49 are 24.5 and 808.5; what never varies keeps its size.
    @Test func statistics() {
        let found = pool(capacity: 80, after: 50).statistics()
        #expect(abs(found.means[0] - 24.5) < 1e-12 && abs(found.means[1] - 7) < 1e-12)
        #expect(abs(found.deviations[0] - (808.5 - 24.5 * 24.5).squareRoot()) < 1e-12)
        #expect(found.deviations[1] == 1)
        #expect(abs(found.answerSquare - 808.5) < 1e-10)
    }

    /// Answers 1, 2, 4, 4 have the mean 2.75, squares that sum to 37 and a variance of 6.75 / 4.
    @Test func errorsOfFourAnswers() {
        let errors = ImitationErrors([1, 2, 3, 4.5], answers: [1, 2, 4, 4])
        let size = (37.0 / 4).squareRoot()
        #expect(abs(errors.determination - (1 - 1.25 / 6.75)) < 1e-12)
        #expect(abs(errors.median - 0.25 / size) < 1e-12)
        #expect(abs(errors.maximum - 1 / size) < 1e-12)
        // Edges are 10^(-16/4), …, 10^(8/4). 1 / size is 0.329, between 10^(-2/4) and 10^(-1/4); half of it is 0.164,
        // between 10^(-4/4) and 10^(-3/4).
        #expect(errors.histogram.count == 26)
        #expect(errors.histogram.indices.filter { errors.histogram[$0] > 0 } == [0, 13, 15])
        #expect(errors.histogram[0] == 0.5 && errors.histogram[13] == 0.25 && errors.histogram[15] == 0.25)
    }

    /// An answer of 0 for all explains nothing where the mean is 0; a wild one is in the last of the bins.
    @Test func errorsAtTheEnds() {
        #expect(ImitationErrors([0, 0, 0], answers: [-1, 0, 1]).determination == 0)
        #expect(ImitationErrors([3, 3, 3], answers: [-1, 0, 1]).determination < 0)
        let wild = ImitationErrors([1, 1e6, .infinity], answers: [1, -1, 1])
        #expect(abs(wild.histogram[25] - 2.0 / 3) < 1e-12 && abs(wild.histogram[0] - 1.0 / 3) < 1e-12)
        #expect(wild.maximum == .infinity && wild.median == 1e6 + 1)
    }
}
