import TensorEngine

extension ConvolutionalStudent {
    /// A layer with its sizes known.
    struct Layer: Hashable, Sendable {
        enum Kind: Hashable {
            case convolution(Convolution)
            case dense
        }

        let name: String
        let kind: Kind
        /// How many weights there are beside the biases.
        let weights: Int
        /// How many channels or units come out: as many as there are biases.
        let units: Int
        let fanIn: Int
        let fanOut: Int
        let normalization: BatchNormalization?
        /// Nil for the last layer.
        let activation: Activation?

        /// The layers of a network on images of these sizes.
        static func layers(
            _ images: ImageShape, _ convolutions: [Convolution], _ hidden: [Dense], classes: Int
        ) -> [Layer] {
            var sizes = images.sizes
            var layers: [Layer] = []
            for (index, layer) in convolutions.enumerated() {
                let area = layer.size * layer.size
                layers.append(
                    Layer(
                        name: "conv\(index + 1)", kind: .convolution(layer), weights: area * sizes[2] * layer.channels,
                        units: layer.channels, fanIn: area * sizes[2], fanOut: area * layer.channels,
                        normalization: layer.normalization, activation: layer.activation))
                func shrunk(_ size: Int, by stride: Int) -> Int { (size + stride - 1) / stride }
                sizes = sizes[..<2].map { shrunk(shrunk($0, by: layer.stride), by: layer.pooling) } + [layer.channels]
            }
            var fanIn = sizes.reduce(1, *)
            for (index, units) in (hidden.map(\.units) + [classes]).enumerated() {
                let isHidden = index < hidden.count
                layers.append(
                    Layer(
                        name: "dense\(index + 1)", kind: .dense, weights: fanIn * units, units: units, fanIn: fanIn,
                        fanOut: units, normalization: isHidden ? hidden[index].normalization : nil,
                        activation: isHidden ? hidden[index].activation : nil))
                fanIn = units
            }
            return layers
        }

        var parameters: [Parameter] {
            var result: [Parameter]
            switch kind {
            case .convolution(let layer):
                let channels = fanIn / layer.size / layer.size
                result = [
                    Parameter("\(name)/kernel", [layer.size, layer.size, channels, units], .convolutionKernel),
                    Parameter("\(name)/bias", [units], .convolutionBias),
                ]
            case .dense:
                result = [Parameter("\(name)/weight", [fanIn + 1, units], .denseKernel)]
            }
            if let normalization {
                if normalization.isScaled { result.append(Parameter("\(name)/scale", [units], .normalizationScale)) }
                result.append(Parameter("\(name)/offset", [units], .normalizationOffset))
            }
            return result
        }

        /// - Parameters:
        ///   - values: `[examples, height, width, channels]`, or anything with as many elements before a dense layer.
        ///   - parameters: tensors of the shapes of `self.parameters`.
        func callAsFunction(_ values: Tensor, _ parameters: [Tensor]) -> Tensor {
            var result: Tensor
            switch kind {
            case .convolution(let layer):
                result = values.convolution(parameters[0], strides: [layer.stride, layer.stride]) + parameters[1]
            case .dense:
                result = values.reshaped([values.shape[0], fanIn]).dense(parameters[0])
            }
            if let normalization {
                result = result.batchNormalized(
                    scale: normalization.isScaled ? parameters[parameters.count - 2] : nil, offset: parameters.last,
                    epsilon: normalization.epsilon)
            }
            // The largest elements stay the largest when ReLU follows, which then has less to do: to the same bits,
            // derivatives included.
            let poolsFirst = activation == .relu
            if poolsFirst { result = pooled(result) }
            if let activation { result = activation(result) }
            return poolsFirst ? result : pooled(result)
        }

        /// Writes initial parameters: weights and biases as drawn, scales 1 and offsets 0.
        func initialize<Scalar: TensorScalar>(
            _ elements: [TensorElements<Scalar>], _ initialization: Student.Initialization, key: RandomKey
        ) {
            let kernel = elements[0].slice(0..<weights)
            let bias =
                switch kind {
                case .convolution: elements[1]
                case .dense: elements[0].slice(weights..<weights + units)
                }
            initialization.fill(kernel, bias, fanIn: fanIn, fanOut: fanOut, key: key)
            for (parameter, elements) in zip(parameters, elements) {
                switch parameter.kind {
                case .normalizationScale: elements.fill(1)
                case .normalizationOffset: elements.fill(0)
                default: break
                }
            }
        }

        private func pooled(_ values: Tensor) -> Tensor {
            guard case .convolution(let layer) = kind, layer.pooling > 1 else { return values }
            return values.maximumPooling([layer.pooling, layer.pooling], padding: .same)
        }
    }
}
