import Problems
import TensorEngine
import TestSupport
import Testing

@Suite("Convolutional students agree with float64 figures")
struct ConvolutionalStudentTests {
    private let student = ConvolutionalStudent(
        images: .channelsLast(height: 6, width: 6, channels: 3),
        convolutions: [.init(size: 3, channels: 4, normalization: .init(epsilon: 1e-5), pooling: 2)], hidden: [],
        classes: 3)

    /// The figures' parameters and what is like them have the last layer's bias apart.
    private func values(_ list: [ReferenceFigures.Tensor]) -> [[Double]] {
        list[0..<4].map(\.values) + [list[4].values + list[5].values]
    }

    private func check<Scalar: TensorScalar>(as type: Scalar.Type, tolerance: Double) throws {
        let figures = try ReferenceFigures("convnet", in: .module)
        let names = ["kernel", "bias", "gamma", "beta", "weight", "offset"]
        let parameters = values(names.map { figures["parameters"][$0].tensor })
        let direction = values(figures["direction"].items.map(\.tensor))
        let labels = figures["labels"].numbers.map { Int($0) }
        var oneHot = [Double](repeating: 0, count: labels.count * 3)
        for (row, label) in labels.enumerated() { oneHot[row * 3 + label] = 1 }
        let shapes = student.parameters.map(\.shape)
        let plan = Plan<Scalar>(
            .tracing(shapes + shapes + [[3, student.inputs], [3, 3]]) { all in
                let variables = Array(all[..<5])
                let tangents = Array(all[5..<10])
                let objective = Classification(student)
                let inputs = ObjectiveInputs(variables, batch: Array(all[10...]))
                let (loss, curvature) = (objective.loss(inputs), Curvature(objective, inputs))
                return [student.logits(variables, all[10]), loss] + gradient(of: loss, withRespectTo: variables)
                    + curvature.hessianProduct(tangents) + curvature.gaussNewtonProduct(tangents)
            })
        let inputs = parameters + direction + [figures["inputs"].tensor.values, oneHot]
        let found = plan(inputs.map { $0.map { Scalar($0) } }).map { $0.map(Double.init) }
        #expect(largestError(found[0], figures["logits"].tensor.values) < tolerance)
        #expect(abs(found[1][0] - figures["loss"].number) < tolerance)
        let expected = ["gradients", "hessianVectorProduct", "gaussNewtonVectorProduct"].flatMap {
            values(figures[$0].items.map(\.tensor))
        }
        // What batch normalization takes out of the bias's derivative leaves rounding errors of the others' size.
        #expect(found.dropFirst(2).map(\.count) == expected.map(\.count))
        #expect(largestError(found.dropFirst(2).flatMap(\.self), expected.flatMap(\.self)) < tolerance)
    }

    @Test func inDouble() throws { try check(as: Double.self, tolerance: 1e-9) }
    @Test func inFloat() throws { try check(as: Float.self, tolerance: 1e-4) }

    /// A network like that of the CIFAR-10 problem of Andrychowicz et al. 2016, but with scales, in the order of channels
    /// that CIFAR's files have.
    private func cifar(_ initialization: Student.Initialization) -> ConvolutionalStudent {
        ConvolutionalStudent(
            images: .channelsFirst(channels: 3, height: 32, width: 32),
            convolutions: (0..<3).map { _ in .init(size: 5, channels: 16, normalization: .init(), pooling: 2) },
            hidden: [.init(units: 32, normalization: .init(isScaled: false))], classes: 10,
            initialization: initialization)
    }

    /// The student pools first, which must change no bit: on images of odd sizes, with ties and with dead windows.
    @Test func poolingAfterReLU() {
        let student = ConvolutionalStudent(
            images: .channelsLast(height: 5, width: 7, channels: 2),
            convolutions: [.init(size: 3, channels: 4, pooling: 2)], hidden: [], classes: 3)
        func losses(_ logits: @escaping ([Tensor]) -> Tensor) -> [[Float]] {
            let shapes = student.parameters.map(\.shape) + [[6, student.inputs]]
            let plan = Plan<Float>(
                .tracing(shapes) { inputs in
                    let values = logits(inputs)
                    return [values] + gradient(of: values.sine().sum(), withRespectTo: inputs)
                })
            var stream = RandomStream(RandomKey(seed: 2))
            // Whole numbers, so that many of a window's elements are equal.
            return plan(shapes.map { shape in (0..<shape.count).map { _ in Float(stream.index(below: 5)) - 2 } })
        }
        let found = losses { student.logits(Array($0.dropLast()), $0[3]) }
        let expected = losses { inputs in
            let images = inputs[3].reshaped([6, 5, 7, 2])
            let pooled = (images.convolution(inputs[0], strides: [1, 1]) + inputs[1]).maximum(0)
                .maximumPooling([2, 2], padding: .same).reshaped([6, 48])
            return pooled.matrixProduct(inputs[2].sliced(0..<48)) + inputs[2].sliced(48..<49)
        }
        #expect(found == expected)
        #expect(Set(found[1]).count > 10)
    }

    @Test func parametersOfTheCIFARProblem() {
        let parameters = cifar(.paper).parameters
        #expect(
            parameters.map(\.name) == [
                "conv1/kernel", "conv1/bias", "conv1/scale", "conv1/offset", "conv2/kernel", "conv2/bias",
                "conv2/scale", "conv2/offset", "conv3/kernel", "conv3/bias", "conv3/scale", "conv3/offset",
                "dense1/weight", "dense1/offset", "dense2/weight",
            ])
        #expect(parameters[0].shape == [5, 5, 3, 16])
        #expect(parameters[4].shape == [5, 5, 16, 16])
        #expect(parameters[12].shape == [4 * 4 * 16 + 1, 32])
        #expect(parameters[14].shape == [33, 10])
        #expect(cifar(.paper).description == "32x32x3-5x5x16-5x5x16-5x5x16-32-10")
    }

    @Test func initialParameters() {
        let student = cifar(.glorot)
        let weights = Classification(student).initialParameters(RandomKey(seed: 3))
        let squares = weights[4].map { $0 * $0 }
        let variance = squares.reduce(0, +) / Double(squares.count)
        #expect(abs(variance * 25 * 32 / 2 - 1) < 0.06)
        #expect(weights[5...7].map { $0 } == [0, 1, 0].map { Array(repeating: $0, count: 16) })
        #expect(weights.joined().allSatisfy { $0.isFinite })
    }

    /// Both orders of an image's numbers are the same network.
    @Test func ordersOfChannels() {
        func logits(_ images: ConvolutionalStudent.ImageShape, _ numbers: [Double]) -> [Double] {
            let student = ConvolutionalStudent(
                images: images, convolutions: [.init(size: 2, channels: 3, stride: 2, activation: .tanh)],
                hidden: [.init(units: 4, activation: .elu)], classes: 2, initialization: .glorot)
            let parts = Classification(student).initialParameters(RandomKey(seed: 1))
            let plan = Plan<Double>(
                .tracing(student.parameters.map(\.shape) + [[1, student.inputs]]) {
                    [student.logits(Array($0.dropLast()), $0.last!)]
                })
            return plan(parts + [numbers])[0]
        }
        let last = (0..<5 * 4 * 2).map { Double($0 * $0 % 13) - 6 }
        let first = (0..<2).flatMap { channel in (0..<20).map { last[$0 * 2 + channel] } }
        #expect(
            logits(.channelsLast(height: 5, width: 4, channels: 2), last)
                == logits(.channelsFirst(channels: 2, height: 5, width: 4), first))
    }
}
