import TensorEngine

/// How TensorFlow's models draw the weights of a residual network.
enum ResidualInitialization {
    /// A convolution's filters: normal with variance 1 / fan-in, of which what is beyond two standard deviations is drawn
    /// again (`variance_scaling_initializer` as of TensorFlow 1.7, which doesn't make up for what that takes off the
    /// variance).
    static func fill<Scalar: TensorScalar>(filters: TensorElements<Scalar>, fanIn: Int, key: RandomKey) {
        var stream = RandomStream(key)
        let deviation = (1 / Double(fanIn)).squareRoot()
        for index in 0..<filters.count {
            var value = stream.normal()
            while abs(value) > 2 { value = stream.normal() }
            filters[index] = Scalar(value * deviation)
        }
    }

    /// The weights of the fully connected layer: uniform with variance 2 / (fan-in + fan-out), which is what
    /// `tf.layers.dense` draws where a model says nothing, as these don't.
    static func fill<Scalar: TensorScalar>(
        weights: TensorElements<Scalar>, fanIn: Int, fanOut: Int, key: RandomKey
    ) {
        var stream = RandomStream(key)
        let limit = (6 / Double(fanIn + fanOut)).squareRoot()
        weights.fillUniform(&stream, in: -limit..<limit)
    }
}
