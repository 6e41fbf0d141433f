import Formats
import Nouns
import TensorEngine

/// Muon (Jordan et al. 2024): momentum whose matrix is replaced by the nearest one with orthogonal rows or columns, about,
/// for the weights of hidden layers; AdamW for first and last layers, biases and all the rest.
///
/// m' = μ m + g; the step is O(g + μ m') with O the result of five Newton-Schulz iterations, multiplied by
/// η √(max(1, rows / columns)). A convolution's kernel is the matrix of its windows by its filters. A dense layer's bias,
/// where it is the last row of its weights, is part of the matrix.
///
/// Cost: fifteen matrix products a step and matrix, of the smaller side's size.
public struct Muon: Optimizer {
    public let learningRate: LearningRate
    /// μ.
    public let momentum: Double
    public let weightDecay: Double
    /// For all but the weights of hidden layers.
    public let rest: Adam

    public init(learningRate: LearningRate = 0.02, momentum: Double = 0.95, weightDecay: Double = 0, rest: Adam) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.rest = rest
    }

    /// The places of the weights of hidden layers: kernels but the first and the last one.
    private func hidden(_ parameters: [Parameter]) -> Set<Int> {
        let kernels = parameters.indices.filter {
            [ParameterKind.denseKernel, .convolutionKernel].contains(parameters[$0].kind)
        }
        return Set(kernels.dropFirst().dropLast())
    }

    /// For each parameter its momentum, or Adam's two averages, `[1, elements]`.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        let hidden = hidden(parameters)
        return parameters.enumerated().flatMap { index, parameter in
            if hidden.contains(index) { return [CarriedTensor("momentum/\(parameter.name)", parameter.shape)] }
            return ["mean", "square"].map { CarriedTensor("\($0)/\(parameter.name)", [1, parameter.shape.count]) }
        }
    }

    /// η and 1 − η λ; then Adam's.
    public func scheduleValues(step: Int) -> [Double] {
        let rate = learningRate.value(step: step)
        return [rate, 1 - rate * weightDecay] + rest.scheduleValues(step: step)
    }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let hidden = hidden(point.described)
        var updated = OptimizationPoint.Updated(parameters: [], state: [])
        var state = point.state[...]
        for (index, parameter) in point.parameters.enumerated() {
            let gradient = point.gradient[index]
            if hidden.contains(index) {
                let average = momentum * state.removeFirst() + gradient
                let step = orthogonalized(gradient + momentum * average) * point.schedule[0]
                updated.parameters.append(parameter * point.schedule[1] - step)
                updated.state.append(average)
                continue
            }
            let row: Shape = [1, parameter.shape.count]
            let result = rest.update(
                Coordinates(
                    parameter: parameter.reshaped(row), gradient: gradient.reshaped(row), state: Array(state.prefix(2)),
                    schedule: Array(point.schedule.dropFirst(2))), metaParameters: [])
            state = state.dropFirst(2)
            updated.parameters.append(result.parameter.reshaped(parameter.shape))
            updated.state += result.state
        }
        return updated
    }

    /// Five iterations X' = a X + (b A + c A²) X with A = X Xᵀ, from X over its norm: singular values come near 1. The
    /// coefficients are the author's.
    private func orthogonalized(_ tensor: Tensor) -> Tensor {
        let columns = tensor.shape[tensor.shape.rank - 1]
        let rows = tensor.shape.count / columns
        var x = tensor.reshaped([rows, columns])
        if rows > columns { x = x.transposed() }
        x = x / (x.squared().sum().squareRoot() + 1e-7)
        let (a, b, c) = (3.4445, -4.7750, 2.0315)
        for _ in 0..<5 {
            let square = x.matrixProduct(x.transposed())
            x = a * x + (b * square + c * square.matrixProduct(square)).matrixProduct(x)
        }
        if rows > columns { x = x.transposed() }
        return x.reshaped(tensor.shape) * max(1, Double(rows) / Double(columns)).squareRoot()
    }
}

extension UpdateRuleKind {
    public static let muon = UpdateRuleKind(
        "muon",
        "Muon for the weights of hidden layers (Jordan et al. 2024), AdamW for first and last layers, biases and the rest.",
        learningRate: 0.02,
        fields: [
            Field("momentum", .number(.decay), default: 0.95, "Decay of the sum of gradients."),
            Field(
                "weightDecay", .number(.nonNegative), default: 0,
                "A parameter shrinks by its learning rate times this a step."),
            Field(
                "restRate", .number(.positive), default: 0.001,
                "AdamW's learning rate; it falls as the other one does."),
        ]
    ) { rate, settings in
        let decay = settings.number("weightDecay")
        return Muon(
            learningRate: rate, momentum: settings.number("momentum"), weightDecay: decay,
            rest: Adam(learningRate: rate.scaled(to: settings.number("restRate")), weightDecay: decay))
    }
}
