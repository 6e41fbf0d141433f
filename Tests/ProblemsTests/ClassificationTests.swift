import Datasets
import Problems
import TensorEngine
import Testing

@Suite struct ClassificationTests {
    @Test(arguments: Activation.allCases)
    func gradientsAgreeWithDifferences(activation: Activation) {
        let student = Student(
            inputs: 6, hidden: [4, 3], classes: 3, activation: activation, initialization: .glorot)
        ProblemEvaluation(Problem.classification(dataset: SmallDataset.make(), student: student, batchSize: 3))
            .checkGradients(spread: 0.5)
    }

    @Test func stepsAreOneAboveZeroAndHaveNoDerivative() {
        let student = Student(inputs: 1, hidden: [1], classes: 2, activation: .step)
        let plan = Plan<Double>(
            .tracing(student.parameters.map(\.shape) + [[3, 1]]) { inputs in
                let logits = student.logits(Array(inputs[..<2]), inputs[2])
                return [logits, gradient(of: logits.sum(), withRespectTo: [inputs[0]])[0]]
            })
        let results = plan([[1, 0], [5, -5, 1, 2], [-2, 0, 0.5]])
        #expect(results[0] == [1, 2, 1, 2, 6, -3])
        #expect(results[1] == [0, 0])
    }

    @Test func zeroOneLossCountsWrongAnswers() {
        let student = Student(inputs: 2, hidden: [], classes: 2)
        let plan = Plan<Double>(
            .tracing([[3, 2], [4, 2], [4, 2]]) { inputs in
                let loss =
                    Classification(student, loss: .zeroOne).loss(
                        ObjectiveInputs([inputs[0]], batch: Array(inputs[1...])))
                return [loss, gradient(of: loss, withRespectTo: [inputs[0]])[0]]
            })
        // The weights hand the inputs through: right, wrong, right, and undecided.
        let results = plan([[1, 0, 0, 1, 0, 0], [2, 1, 2, 1, -1, 3, 1, 1], [1, 0, 0, 1, 0, 1, 1, 0]])
        #expect(results[0] == [1.5 / 4])
        #expect(results[1] == [0, 0, 0, 0, 0, 0])
    }

    @Test func zeroOneLossIsOneLessTheAccuracyOnTheTestSplit() throws {
        let problem = Problem.classification(
            dataset: SmallDataset.make(),
            student: Student(inputs: 6, hidden: [], classes: 3, initialization: .glorot), batchSize: 2, loss: .zeroOne)
        let split = try #require(problem.data.scoredSplit(.test))
        #expect(split == ScoredSplit(examples: 4, chunks: 1))
        let evaluation = ProblemEvaluation(problem)
        let plan = Plan<Double>(
            .tracing(problem.parameters.map(\.shape) + problem.data.shapes(of: .chunk(0, of: .test))) { inputs in
                let (objective, batch) = (problem.objective, Array(inputs[1...]))
                let outputs = objective.evaluate(ObjectiveInputs([inputs[0]], batch: batch, mode: .evaluation))
                return objective.scores(outputs.outputs, batch: batch).map(\.sum)
            })
        let scores = plan(evaluation.initialParameters() + evaluation.data(.chunk(0, of: .test)))
        #expect(scores[0][0] + scores[1][0] == 4)
    }

    @Test func studentsAdaptToTheImages() {
        func family(_ convolutions: [ConvolutionalStudent.Convolution], isNormalized: Bool = false) -> String {
            ClassificationFamily(
                datasets: DatasetPool([SmallDataset.make()]), architecture: .fixed([4]), convolutions: convolutions,
                normalization: isNormalized ? .init(isScaled: false) : nil, activation: .relu, initialization: .paper,
                batchSize: 2
            ).student(RandomKey(seed: 1)).description
        }
        #expect(family([]) == "6-4-3")
        #expect(family([], isNormalized: true) == "2x3x1-4-3")
        #expect(family([.init(size: 5, channels: 2, pooling: 2)]) == "2x3x1-5x5x2-4-3")
    }

    @Test func gradientsOfANormalizedConvolutionalStudent() {
        let family = ClassificationFamily(
            datasets: DatasetPool([SmallDataset.make()]), architecture: .fixed([3]),
            convolutions: [
                .init(size: 3, channels: 2, normalization: .init(isScaled: false), activation: .tanh, pooling: 2)
            ],
            normalization: .init(isScaled: false), activation: .tanh, initialization: .glorot, batchSize: 5)
        ProblemEvaluation(family.problem(RandomKey(seed: 1))).checkGradients(tolerance: 1e-5)
    }
}
