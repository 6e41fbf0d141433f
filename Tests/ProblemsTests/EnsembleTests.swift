import Datasets
import Problems
import TensorEngine
import Testing

@Suite struct EnsembleTests {
    @Test func losesTheWeightedSum() {
        let evaluation = ProblemEvaluation(Ensemble([Problem(Simple()), Problem(SimpleMulti())], weights: [2, 0.5]))
        #expect(evaluation.problem.parameters.map(\.name) == ["1/x", "2/x_0", "2/x_1"])
        #expect(evaluation.initialParameters() == [[1], [1], [1]])
        let (loss, gradients) = evaluation([[3], [1], [-2]])
        #expect(loss == 2 * 9 + 0.5 * 5)
        #expect(gradients == [[12], [1], [-2]])
    }

    @Test func problemsThatAreAlikeDrawOnTheirOwn() {
        let evaluation = ProblemEvaluation(
            Ensemble((0..<2).map { _ in Problem(Quadratic(batchSize: 1, dimensions: 2)) }, weights: [1, 1]))
        let data = evaluation.data()
        #expect(data.count == 4)
        #expect(data[0] != data[2])
        #expect(evaluation.initialParameters()[0] != evaluation.initialParameters()[1])
    }

    /// Only a student has fresh data and a final batch; the other problem's data stays the same.
    @Test func problemsKeepTheirOwnBatches() {
        let student = Problem.classification(
            dataset: SmallDataset.make(), student: Student(inputs: 6, hidden: [], classes: 3), batchSize: 2)
        let evaluation = ProblemEvaluation(
            Ensemble([Problem(Quadratic(batchSize: 1, dimensions: 2)), student], weights: [1, 1]))
        let data = evaluation.problem.data
        #expect(data.isFresh && data.hasFixedBatch)
        #expect(data.shapes(of: .minibatch(step: 0)).map(\.sizes) == [[1, 2, 2], [1, 2], [2, 6], [2, 3]])
        let final = SmallDataset.trainingCount
        #expect(data.shapes(of: .fixed).map(\.sizes) == [[1, 2, 2], [1, 2], [final, 6], [final, 3]])
        let (first, second) = (evaluation.data(.minibatch(step: 0)), evaluation.data(.minibatch(step: 1)))
        #expect(first[0] == second[0])
        #expect(first[2] != second[2])
        let last = evaluation.data(.fixed)
        #expect(last[0] == first[0])
        #expect(last[2].count == final * 6)
    }
}

/// A few images of 2 × 3 in three classes.
enum SmallDataset {
    static let trainingCount = 9

    static func make() -> Dataset {
        func split(_ count: Int, _ factor: Int) -> Split {
            Split(
                features: 6, images: (0..<count * 6).map { UInt8($0 * factor % 256) },
                labels: (0..<count).map { UInt8($0 % 3) })
        }
        return Dataset(
            name: "small", origin: .synthetic(seed: 1), checksum: "", classes: 3, shape: [2, 3],
            training: split(trainingCount, 37), test: split(4, 53))
    }
}
