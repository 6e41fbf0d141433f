import TensorEngine

/// A layer of a student, with weights that respond to hyperparameters.
///
/// Dense layers take examples as columns, convolutions take them as they are.
struct SelfTunedLayer {
    private enum Form {
        case dense(HyperDense)
        case convolution(HyperConvolution)
    }

    private let layer: ConvolutionalStudent.Layer
    private let form: Form

    init(_ layer: ConvolutionalStudent.Layer, hyperparameters: Int, response: HyperResponse?) {
        self.layer = layer
        switch layer.kind {
        case .dense:
            form = .dense(
                HyperDense(
                    layer.name, inputs: layer.fanIn, outputs: layer.units, hyperparameters: hyperparameters,
                    response: response))
        case .convolution(let convolution):
            form = .convolution(
                HyperConvolution(
                    layer.name, size: convolution.size, channels: layer.fanIn / convolution.size / convolution.size,
                    filters: layer.units, stride: convolution.stride, hyperparameters: hyperparameters,
                    response: response))
        }
    }

    private var weights: RespondingWeights {
        switch form {
        case .dense(let dense): dense.weights
        case .convolution(let convolution): convolution.weights
        }
    }

    var parameters: [Parameter] { weights.parameters + layer.normalizationParameters }

    var tensors: [Shape] { weights.tensors + layer.normalizationParameters.map(\.shape) }

    var isResponse: [Bool] { weights.isResponse + layer.normalizationParameters.map { _ in false } }

    /// The shape of what comes out of a batch.
    func outputs(examples: Int) -> Shape {
        switch form {
        case .dense: Shape(layer.sizes + [examples])
        case .convolution: Shape([examples] + layer.sizes)
        }
    }

    /// - Parameters:
    ///   - values: `[examples, height, width, channels]`, or `[units, examples]`.
    ///   - tensors: of the shapes of `tensors`.
    func callAsFunction(_ values: Tensor, _ unconstrained: Tensor?, _ tensors: ArraySlice<Tensor>) -> Tensor {
        let normalizing = tensors.suffix(layer.normalizationParameters.count)
        let own = tensors.dropLast(normalizing.count)
        switch form {
        case .convolution(let convolution):
            return layer.finished(convolution(values, unconstrained, own), normalizing)
        case .dense(let dense):
            let columns =
                values.shape.rank == 2 ? values : values.reshaped([values.shape[0], layer.fanIn]).transposed()
            let result = dense(columns, unconstrained, own)
            // Statistics are over the first dimension; without them, the layout makes no difference.
            guard layer.normalization != nil else { return layer.finished(result, normalizing) }
            return layer.finished(result.transposed(), normalizing).transposed()
        }
    }

    /// Σ w² of each example's kernel, `[1, examples]` or `[1, 1]`.
    func squaredNorm(_ unconstrained: Tensor?, _ tensors: ArraySlice<Tensor>) -> Tensor {
        weights.squaredNorm(unconstrained, tensors.dropLast(layer.normalizationParameters.count))
    }

    /// W and b as the student draws them, the response as ``RespondingWeights`` does.
    ///
    /// - Parameter index: how many layers come before.
    func initialize<Scalar: TensorScalar>(
        _ parameters: ArraySlice<TensorElements<Scalar>>, _ initialization: Student.Initialization, index: Int,
        key: RandomKey, coefficientDeviation: Double
    ) {
        let normalizing = parameters.suffix(layer.normalizationParameters.count)
        let own = parameters.dropLast(normalizing.count)
        weights.initialize(own, key: key, coefficientDeviation: coefficientDeviation)
        let fixed = zip(own, weights.isResponse).filter { !$1 }.map(\.0)
        initialization.fill(
            fixed[0], fixed[1], layer: index, fanIn: layer.fanIn, fanOut: layer.fanOut,
            key: key.derived("initial weights"))
        layer.initializeNormalization(normalizing)
    }
}
