import TensorEngine

/// A layer's forward pass and its two gradients, each a plan of its own.
enum Convolutions {
    private struct Layer {
        let images: Shape
        let filters: Shape
        var stride = 1
    }

    static func report(peak: Double) {
        for layer in [
            Layer(images: [64, 16, 16, 64], filters: [5, 5, 64, 64]),
            Layer(images: [64, 16, 16, 64], filters: [3, 3, 64, 64]),
            Layer(images: [64, 16, 16, 64], filters: [3, 3, 64, 64], stride: 2),
            Layer(images: [64, 32, 32, 3], filters: [5, 5, 3, 64]),
            Layer(images: [128, 32, 32, 3], filters: [5, 5, 3, 16]),
            Layer(images: [128, 16, 16, 16], filters: [5, 5, 16, 16]),
            Layer(images: [128, 8, 8, 16], filters: [5, 5, 16, 16]),
        ] { measure(layer, Float.self, peak: peak) }
        measure(Layer(images: [64, 16, 16, 64], filters: [5, 5, 64, 64]), Double.self, peak: peak / 2)
    }

    private static func measure<Scalar: TensorScalar>(_ layer: Layer, _: Scalar.Type, peak: Double) {
        let (images, filters, strides) = (layer.images, layer.filters, [layer.stride, layer.stride])
        func result(_ inputs: [Tensor]) -> Tensor { inputs[0].convolution(inputs[1], strides: strides) }
        let forward = Graph.tracing([images, filters]) { [result($0)] }
        let shape = forward.outputShapes[0]
        func pulledBack(_ input: Int) -> Runner<Scalar> {
            Runner<Scalar>([images, filters, shape]) {
                pullback(of: [result($0)], cotangents: [$0[2]], withRespectTo: [$0[input]])
            }
        }
        let runs = [
            ("forward", Runner<Scalar>([images, filters]) { [result($0)] }), ("input gradient", pulledBack(0)),
            ("filter gradient", pulledBack(1)),
        ]
        let operations = 2 * Double(shape.count) * Double(filters.sizes.dropLast().reduce(1, *))
        for (name, run) in runs {
            printRate(
                "\(Scalar.self) \(images) * \(filters) / \(layer.stride) \(name)", operations: operations,
                seconds: shortestTime { run() }, peak: peak)
        }
    }
}
