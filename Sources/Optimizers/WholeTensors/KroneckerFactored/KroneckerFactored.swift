import TensorEngine

/// K-FAC: gradient descent preconditioned by a Kronecker-factored Fisher matrix, of dense layers (Martens and Grosse 2015)
/// and of convolutions (Grosse and Martens 2016).
///
/// The step of a layer's weights W, `[inputs, units]` with the bias as the last row, is
/// Δ = (A + π√λ I)⁻¹ ∇W (G + √λ/π I)⁻¹, where A and G are exponential averages of ``LayerStatistics``' factors and
/// π² = (tr A / dim A) / (tr G / dim G) (2015, section 6.3); what is added is at least a millionth of the factor's trace. The
/// averages' decay is min(1 − 1/k, `decay`) at step k (2015, section 5). Then v' = μ v + ν Δ, and θ' = θ − η v', with
/// ν = min(1, √(κ / |η² Σ Δ · ∇|)) where κ, `klClip`, is given: then the step changes the model's answers by a divergence of
/// at most κ/2, as the quadratic model has it.
///
/// Targets are drawn from the model, so that A ⊗ G estimates the Fisher matrix and not the empirical one: by systematic
/// sampling from the fractional part of k times the golden ratio. An optimizer has no key, and needs none: over steps
/// these numbers are as evenly spread as can be, and examples come in random order.
///
/// Where it departs from the papers: a factor whose side is longer than `longestSide` is not averaged but that of the
/// step's minibatch alone, which takes an inverse of no more than the number of its rows (``KroneckerFactor``); inverses are
/// computed at each step; blocks are those of layers, not tridiagonal; there is no automatic rescaling (2015, section 6.4)
/// nor adaptation of λ, but a learning rate. Parameters that are of no kernel (scales and offsets of normalizations, biases
/// elsewhere) take plain gradient steps, as if their curvature were 1. With batch normalization a layer's outputs are taken
/// as if each example's likelihood depended on its own alone.
///
/// Cost: the gradient once more but for its last products, and for each factor one product of its rows with themselves
/// and about 4/3 s³ operations, of a side s or number of rows, whichever counts.
public struct KroneckerFactored: Optimizer {
    /// η.
    public let learningRate: LearningRate
    /// λ.
    public let damping: Double
    public let decay: Double
    /// μ.
    public let momentum: Double
    /// κ; nil for no bound.
    public let klClip: Double?
    public let longestSide: Int

    public init(
        learningRate: LearningRate = 0.1, damping: Double = 0.01, decay: Double = 0.95, momentum: Double = 0,
        klClip: Double? = nil, longestSide: Int = 640
    ) {
        self.learningRate = learningRate
        self.damping = damping
        self.decay = decay
        self.momentum = momentum
        self.klClip = klClip
        self.longestSide = longestSide
    }

    public var demands: Set<LandscapeDemand> { [.layerStatistics] }

    /// The averages of each layer's A and G where they are kept; then, with momentum, v.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        let averages = LayerParameters.all(parameters).flatMap { layer in
            let name = parameters[layer.kernel].name
            let sides = [("inputs", layer.inputs), ("outputs", layer.units)].filter { $0.1 <= longestSide }
            return sides.map { CarriedTensor("\($0)/\(name)", [$1, $1]) }
        }
        guard momentum > 0 else { return averages }
        return averages + parameters.map { CarriedTensor("velocity/\($0.name)", $0.shape) }
    }

    /// η, the averages' decay, and the number that targets are drawn from.
    public func scheduleValues(step: Int) -> [Double] {
        let turns = Double(step) * 0.618_033_988_749_894_9
        return [learningRate.value(step: step), min(1 - 1 / Double(step), decay), turns - turns.rounded(.down)]
    }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let layers = LayerParameters.all(point.described)
        let statistics = layers.isEmpty ? [] : point.landscape.layerStatistics(number: point.schedule[2])
        precondition(statistics.count == layers.count, "\(layers.count) kernels, and statistics of \(statistics.count)")
        var averages = FactorAverages(point.state[...], decay: point.schedule[1], longestSide: longestSide)
        var steps = point.gradient
        for (layer, told) in zip(layers, statistics) {
            let a = averages.averaged(told.inputFactor(hasBias: layer.hasBias))
            let g = averages.averaged(told.outputFactor)
            // Of a layer without a derivative, the least ratio that single precision bears.
            let ratio = (a.meanDiagonal / g.meanDiagonal.maximum(1e-20)).maximum(1e-20).squareRoot()
            let root = damping.squareRoot()
            let left = a.solved(layer.matrix(of: point.gradient), damping: ratio * root)
            let step = g.solved(left.transposed(), damping: root / ratio).transposed()
            layer.write(step, to: &steps)
        }
        var step = TensorVector(steps)
        if let klClip { step = clipped(step, TensorVector(point.gradient), klClip, rate: point.schedule[0]) }
        if momentum > 0 { step = momentum * TensorVector(Array(averages.rest)) + step }
        let parameters = TensorVector(point.parameters) - point.schedule[0] * step
        return .init(parameters: parameters.tensors, state: averages.updated + (momentum > 0 ? step.tensors : []))
    }

    /// ν Δ.
    private func clipped(_ step: TensorVector, _ gradient: TensorVector, _ bound: Double, rate: Tensor) -> TensorVector
    {
        let size = (rate * rate * step.innerProduct(gradient)).absoluteValue()
        return (bound / size.maximum(bound)).squareRoot() * step
    }
}
