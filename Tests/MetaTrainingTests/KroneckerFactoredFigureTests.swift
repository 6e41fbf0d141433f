import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

/// Against NumPy's figures (`Tests/kfac_figures.py`).
@Suite("Kronecker-factored curvature agrees with float64 figures")
struct KroneckerFactoredFigureTests {
    /// What the figures are of.
    enum Case: String, CaseIterable {
        case dense, squaredError, convolutional

        var objective: Classification {
            switch self {
            case .dense: Classification(Student(inputs: 6, hidden: [5], classes: 4))
            case .squaredError:
                Classification(Student(inputs: 7, hidden: [5], classes: 3, activation: .tanh), loss: .squaredError)
            case .convolutional:
                Classification(
                    ConvolutionalStudent(
                        images: .channelsLast(height: 5, width: 6, channels: 2),
                        convolutions: [
                            .init(size: 3, channels: 3, stride: 2, activation: .tanh),
                            .init(size: 2, channels: 4, activation: .tanh),
                        ], hidden: [], classes: 3))
            }
        }

        /// The first layer of `squaredError` is wider than its batch has examples, and than what is averaged.
        var optimizer: KroneckerFactored {
            switch self {
            case .dense, .convolutional: KroneckerFactored(decay: 0.5)
            case .squaredError: KroneckerFactored(decay: 0.5, momentum: 0.9, klClip: 0.001, longestSide: 6)
            }
        }
    }

    @Test(arguments: Case.allCases) func factors(_ one: Case) throws {
        let figures = try ReferenceFigures("kfac", in: .module)[one.rawValue]
        let (objective, optimizer) = (one.objective, one.optimizer)
        let first = figures["steps"].items[0]
        let data = [first["images"], first["labels"]].map(\.tensor)
        let shapes = objective.parameters.map(\.shape)
        let examples = data[0].shape[0]
        let plan = Plan<Double>(
            .tracing(shapes + [[examples, objective.student.inputs], Shape(data[1].shape), .scalar]) { all in
                let inputs = ObjectiveInputs(Array(all[..<shapes.count]), batch: Array(all[shapes.count...].prefix(2)))
                let landscape = ObjectiveLandscape(
                    objective, inputs, members: Array(shapes.indices), isDifferentiated: false)
                return landscape.layerStatistics(number: all[shapes.count + 2])
                    .flatMap { [$0.inputFactor(hasBias: true).matrix, $0.outputFactor.matrix] }
            })
        let start = figures["start"].items.map(\.tensor.values)
        let found = plan(start + data.map(\.values) + [[optimizer.scheduleValues(step: 1)[2]]])
        #expect(largestError(found, first["factors"].items.flatMap(\.items).map(\.tensor.values)) < 1e-9)
    }

    @Test(arguments: Case.allCases) func updates(_ one: Case) throws {
        let figures = try ReferenceFigures("kfac", in: .module)[one.rawValue]
        let steps = figures["steps"].items
        let start = figures["start"].items.map(\.tensor.values)
        var run = GivenBatches(
            one.objective, one.optimizer, examples: steps[0]["images"].tensor.shape[0], from: start)
        for step in steps {
            run.take(images: step["images"].tensor.values, labels: step["labels"].tensor.values)
            #expect(largestError(run.parameters, step["parameters"].items.map(\.tensor.values)) < 1e-9)
        }
        #expect(largestError(run.parameters, start) > 0.01)
    }
}
