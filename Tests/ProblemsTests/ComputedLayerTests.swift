import TensorEngine
import TestSupport
import Testing

@testable import Problems

@Suite("Students tell their layers")
struct ComputedLayerTests {
    /// For each layer the elements of its outputs, and of the product of what it says went in with its kernel, the bias
    /// added; and the kernels' places.
    private func layers(
        _ student: any LayeredClassifier, examples: Int
    ) -> (kernels: [Int], outputs: [[Double]], products: [[Double]]) {
        var kernels: [Int] = []
        let shapes = student.parameters.map(\.shape)
        let plan = Plan<Double>(
            .tracing(shapes + student.carried.map(\.shape) + [[examples, student.inputs]]) { all in
                let parameters = Array(all[..<shapes.count])
                let (logits, layers) = student.layers(
                    parameters, carried: Array(all[shapes.count...].dropLast()), all.last!, mode: .training)
                kernels = layers.map(\.kernel)
                let answer = student.answer(
                    parameters, carried: Array(all[shapes.count...].dropLast()), all.last!, mode: .training)
                return layers.map(\.outputs) + layers.map { product($0, parameters, student.parameters) }
                    + [logits, answer.logits]
            })
        var stream = RandomStream(RandomKey(seed: 8))
        let parameters = shapes.map { shape in (0..<shape.count).map { _ in stream.normal() } }
        let carried = student.carried.map { Array(repeating: $0.initial, count: $0.shape.count) }
        let images = (0..<examples * student.inputs).map { _ in stream.normal() }
        let found = plan(parameters + carried + [images])
        #expect(found[found.count - 2] == found[found.count - 1])
        return (kernels, Array(found.prefix(kernels.count)), Array(found[kernels.count...].prefix(kernels.count)))
    }

    private func product(_ layer: ComputedLayer, _ parameters: [Tensor], _ described: [Parameter]) -> Tensor {
        let units = layer.outputs.shape.sizes.last!
        let rows = layer.outputs.shape.count / units
        let kernel = parameters[layer.kernel].reshaped([parameters[layer.kernel].shape.count / units, units])
        let inputs = layer.inputs.reshaped([rows, layer.inputs.shape.count / rows])
        let fanIn = inputs.shape[1]
        let product = inputs.matrixProduct(kernel.sliced(0..<fanIn))
        if described[layer.kernel].endsInBias { return product + kernel.sliced(fanIn..<fanIn + 1) }
        let next = layer.kernel + 1
        return described[next].kind == .convolutionBias ? product + parameters[next].reshaped([1, units]) : product
    }

    private func check(_ student: any LayeredClassifier, sourceLocation: SourceLocation = #_sourceLocation) {
        let found = layers(student, examples: 3)
        let kernels = student.parameters.indices.filter {
            [.denseKernel, .convolutionKernel].contains(student.parameters[$0].kind)
        }
        #expect(found.kernels == kernels, sourceLocation: sourceLocation)
        #expect(largestError(found.products, found.outputs) < 1e-10, sourceLocation: sourceLocation)
    }

    @Test func fullyConnected() { check(Student(inputs: 4, hidden: [3, 5], classes: 2)) }

    /// With and without Winograd's transform, strides, normalization and pooling.
    @Test func convolutional() {
        check(
            ConvolutionalStudent(
                images: .channelsFirst(channels: 3, height: 12, width: 10),
                convolutions: [
                    .init(size: 3, channels: 32), .init(size: 3, channels: 32, normalization: .init(), pooling: 2),
                    .init(size: 4, channels: 2, stride: 2, activation: .tanh),
                ], hidden: [.init(units: 4, normalization: .init(isScaled: false))], classes: 3))
    }

    @Test func residual() throws {
        let images = ConvolutionalStudent.ImageShape.channelsLast(height: 6, width: 5, channels: 2)
        check(ResidualStudent(try #require(ResidualArchitecture(layers: 8)), images: images, classes: 3))
    }

    /// No likelihood of answers that are right or wrong.
    @Test func losses() {
        let student = Student(inputs: 2, hidden: [], classes: 2)
        #expect(
            ClassificationLoss.allCases.filter { Classification(student, loss: $0).layered != nil }
                == [.crossEntropy, .squaredError])
    }
}
