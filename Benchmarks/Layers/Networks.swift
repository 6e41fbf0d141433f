import Problems
import TensorEngine

/// One step's loss and gradients of convolutional networks on images of CIFAR's size.
enum Networks {
    static func report(peak: Double) {
        let plain = (0..<2).map { _ in ConvolutionalStudent.Convolution(size: 5, channels: 64, pooling: 2) }
        measure(plain, [.init(units: 128)], examples: 128, peak)
        let normalized = (0..<3).map { _ in
            ConvolutionalStudent.Convolution(size: 5, channels: 16, normalization: .init(), pooling: 2)
        }
        measure(normalized, [.init(units: 32, normalization: .init())], examples: 128, peak)
        let narrow = (0..<2).map { _ in ConvolutionalStudent.Convolution(size: 5, channels: 16, pooling: 2) }
        measure(narrow, [.init(units: 96), .init(units: 48)], examples: 128, peak)
        measure([], [.init(units: 20, activation: .sigmoid)], examples: 128, peak)
    }

    private static func measure(
        _ convolutions: [ConvolutionalStudent.Convolution], _ hidden: [ConvolutionalStudent.Dense], examples: Int,
        _ peak: Double
    ) {
        let student = ConvolutionalStudent(
            images: .channelsFirst(channels: 3, height: 32, width: 32), convolutions: convolutions, hidden: hidden,
            classes: 10)
        let data: [Shape] = [[examples, student.inputs], [examples, 10]]
        let run = Runner<Float>(student.parameters.map(\.shape) + data) { inputs in
            let parameters = Array(inputs.dropLast(2))
            let loss = Classification(student).loss(
                ObjectiveInputs(parameters, batch: [inputs[inputs.count - 2], inputs[inputs.count - 1]]))
            return [loss] + gradient(of: loss, withRespectTo: parameters)
        }
        let seconds = shortestTime(atLeast: 3) { run() }
        let shapes = student.parameters.map(\.shape)
        let product = Runner<Float>(shapes + shapes + data) { inputs in
            let parameters = Array(inputs.prefix(shapes.count))
            let point = ObjectiveInputs(parameters, batch: Array(inputs.suffix(2)))
            return Curvature(Classification(student), point).gaussNewtonProduct(
                Array(inputs[shapes.count..<2 * shapes.count]))
        }
        let ratio = shortestTime(atLeast: 3) { product() } / seconds
        print(
            "\(student.description), \(examples) examples: \((seconds * 1e5).rounded() / 100) ms a step, a Gauss-Newton "
                + "product \((ratio * 100).rounded() / 100) times that")
    }
}
