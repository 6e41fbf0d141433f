import Problems
import TensorEngine
import Testing

/// Problems that need no data but what they draw: by hand, and against central differences.
@Suite struct FunctionTests {
    @Test func simple() {
        let evaluation = ProblemEvaluation(Simple())
        #expect(evaluation.initialParameters() == [[1]])
        let (loss, gradients) = evaluation([[-3]])
        #expect(loss == 9)
        #expect(gradients == [[-6]])
    }

    @Test func simpleMulti() {
        let evaluation = ProblemEvaluation(SimpleMulti(dimensions: 3))
        #expect(evaluation.problem.parameters.map(\.name) == ["x_0", "x_1", "x_2"])
        #expect(evaluation.initialParameters() == [[1], [1], [1]])
        let (loss, gradients) = evaluation([[1], [2], [-3]])
        #expect(loss == 14)
        #expect(gradients == [[2], [4], [-6]])
    }

    @Test func lassoByHand() {
        let evaluation = ProblemEvaluation(
            Lasso(batchSize: 1, observations: 2, dimensions: 2, regularization: 0.1))
        // A x - b is (-4.5, -5.5).
        let (loss, gradients) = evaluation([[0.5, -2]], data: [[1, 2, 3, 4], [1, -1]])
        #expect(abs(loss - (25.25 + 0.25)) < 1e-12)
        #expect(abs(gradients[0][0] - (-21 + 0.1)) < 1e-12)
        #expect(abs(gradients[0][1] - (-31 - 0.1)) < 1e-12)
    }

    @Test func lassoIsTheMeanOfItsBatch() {
        let data = [[1.0, 2, 3, 4] + [0, 0, 0, 0], [1.0, -1] + [2, 0]]
        let evaluation = ProblemEvaluation(
            Lasso(batchSize: 2, observations: 2, dimensions: 2, regularization: 0.1))
        #expect(abs(evaluation([[0.5, -2, 1, 1]], data: data).loss - (25.5 + 2 + 0.2) / 2) < 1e-12)
    }

    @Test func lassoDrawsColumnsOfLengthOneAndSparseSolutions() {
        let evaluation = ProblemEvaluation(Lasso(batchSize: 3, observations: 4, dimensions: 5, sparsity: 0))
        let data = evaluation.data()
        for column in 0..<3 * 5 {
            let (problem, column) = (column / 5, column % 5)
            let squares = (0..<4).map { data[0][problem * 20 + $0 * 5 + column] }.map { $0 * $0 }
            #expect(abs(squares.reduce(0, +) - 1) < 1e-12)
        }
        #expect(data[1] == Array(repeating: 0, count: 12))
        let dense = ProblemEvaluation(Lasso(batchSize: 3, observations: 4, dimensions: 5, sparsity: 1)).data()
        #expect(dense[0] == data[0])
        #expect(dense[1].count { $0 != 0 } == 12)
        #expect(evaluation.data(.minibatch(step: 3)) == data)
        #expect(evaluation.data(seed: 2) != data)
    }

    @Test func rastriginByHand() {
        let evaluation = ProblemEvaluation(Rastrigin(batchSize: 1, dimensions: 1))
        let (loss, gradients) = evaluation([[0.25]], data: [[2], [1], [0.5]])
        #expect(abs(loss - (0.125 + 10)) < 1e-12)
        #expect(abs(gradients[0][0] - (-1 + 10 * Double.pi)) < 1e-12)
    }

    @Test func rastriginsOwnFunctionIsOneOfThem() {
        let evaluation = ProblemEvaluation(Rastrigin(batchSize: 2, dimensions: 2))
        let root = 2.0.squareRoot()
        let identity = [root, 0, 0, root]
        let (loss, _) = evaluation(
            [[0, 0, 1.5, 2]], data: [identity + identity, [0, 0, 0, 0], [1, 1, 1, 1]])
        // At the origin 0; at (3/2, 2) it is 20 + 9/4 + 4 + 10 - 10.
        #expect(abs(loss - (0 + 26.25) / 2) < 1e-12)
    }

    @Test(arguments: [
        Problem(Lasso(batchSize: 2, observations: 3, dimensions: 4)), Problem(Rastrigin(batchSize: 2, dimensions: 3)),
        Problem(Quadratic(batchSize: 2, dimensions: 3)),
        Problem(
            Ensemble(
                [Problem(Rastrigin(batchSize: 1, dimensions: 2)), Problem(Lasso(batchSize: 1, dimensions: 3))],
                weights: [0.5, 3])),
    ])
    func gradientsAgreeWithDifferences(problem: Problem) {
        ProblemEvaluation(problem).checkGradients()
    }
}
