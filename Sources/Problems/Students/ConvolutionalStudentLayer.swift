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
        /// The sizes of what comes out of an example: `[height, width, channels]`, or `[units]`.
        let sizes: [Int]
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
                let channels = sizes[2]
                func shrunk(_ size: Int, by stride: Int) -> Int { (size + stride - 1) / stride }
                sizes = sizes[..<2].map { shrunk(shrunk($0, by: layer.stride), by: layer.pooling) } + [layer.channels]
                layers.append(
                    Layer(
                        name: "conv\(index + 1)", kind: .convolution(layer), weights: area * channels * layer.channels,
                        units: layer.channels, fanIn: area * channels, fanOut: area * layer.channels, sizes: sizes,
                        normalization: layer.normalization, activation: layer.activation))
            }
            var fanIn = sizes.reduce(1, *)
            for (index, units) in (hidden.map(\.units) + [classes]).enumerated() {
                let isHidden = index < hidden.count
                layers.append(
                    Layer(
                        name: "dense\(index + 1)", kind: .dense, weights: fanIn * units, units: units, fanIn: fanIn,
                        fanOut: units, sizes: [units], normalization: isHidden ? hidden[index].normalization : nil,
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
                result = [Parameter("\(name)/weight", [fanIn + 1, units], .denseKernel, endsInBias: true)]
            }
            return result + normalizationParameters
        }

        var normalizationParameters: [Parameter] {
            guard let normalization else { return [] }
            let scale = Parameter("\(name)/scale", [units], .normalizationScale)
            return (normalization.isScaled ? [scale] : [])
                + [Parameter("\(name)/offset", [units], .normalizationOffset)]
        }

        /// What comes before normalization and nonlinearity.
        ///
        /// - Parameters:
        ///   - values: `[examples, height, width, channels]`, or anything with as many elements before a dense layer.
        ///   - parameters: tensors of the shapes of `self.parameters`.
        ///   - start: the index of the first of them among the network's.
        func computed(_ values: Tensor, _ parameters: [Tensor], start: Int) -> ComputedLayer {
            switch kind {
            case .convolution(let layer):
                let strides = [layer.stride, layer.stride]
                return ComputedLayer(
                    kernel: start, values: values,
                    outputs: values.convolution(parameters[0], strides: strides) + parameters[1],
                    convolution: .init(window: [layer.size, layer.size], strides: strides, padding: .same))
            case .dense:
                let rows = values.reshaped([values.shape[0], fanIn])
                return ComputedLayer(kernel: start, values: rows, outputs: rows.dense(parameters[0]))
            }
        }

        /// What comes after weights and biases: normalization, nonlinearity, pooling.
        ///
        /// - Parameter normalizing: a tensor for each of the normalization's parameters.
        func finished(_ values: Tensor, _ normalizing: ArraySlice<Tensor>) -> Tensor {
            var result = values
            if let normalization {
                result = result.batchNormalized(
                    scale: normalization.isScaled ? normalizing.first : nil, offset: normalizing.last,
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
        ///
        /// - Parameter index: how many layers come before.
        func initialize<Scalar: TensorScalar>(
            _ elements: [TensorElements<Scalar>], _ initialization: Student.Initialization, index: Int,
            key: RandomKey
        ) {
            let kernel = elements[0].slice(0..<weights)
            let bias =
                switch kind {
                case .convolution: elements[1]
                case .dense: elements[0].slice(weights..<weights + units)
                }
            initialization.fill(kernel, bias, layer: index, fanIn: fanIn, fanOut: fanOut, key: key)
            initializeNormalization(elements.suffix(normalizationParameters.count))
        }

        /// Scales are 1 and offsets 0.
        func initializeNormalization<Scalar: TensorScalar>(_ elements: ArraySlice<TensorElements<Scalar>>) {
            for (parameter, elements) in zip(normalizationParameters, elements) {
                elements.fill(parameter.kind == .normalizationScale ? 1 : 0)
            }
        }

        private func pooled(_ values: Tensor) -> Tensor {
            guard case .convolution(let layer) = kind, layer.pooling > 1 else { return values }
            return values.maximumPooling([layer.pooling, layer.pooling], padding: .same)
        }
    }
}
