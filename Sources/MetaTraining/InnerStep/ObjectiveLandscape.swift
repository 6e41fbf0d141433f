import Optimizers
import Problems
import TensorEngine

/// An objective around the parameters of a step, for the optimizer of some of them.
///
/// Without derivatives through it, what it tells of derivatives is data: products are linear in their vector, and in
/// nothing else. So truncated backpropagation treats gradients (Andrychowicz et al. 2016) and curvature (Chen et al. 2018)
/// alike.
struct ObjectiveLandscape: Landscape {
    private let objective: any Objective
    private let inputs: ObjectiveInputs
    private let members: [Int]
    private let isDifferentiated: Bool
    private let curvature: Curvature

    /// - Parameters:
    ///   - inputs: all parameters of the step and its minibatch.
    ///   - members: the optimizer's own parameters.
    ///   - isDifferentiated: whether derivatives go through what it tells.
    init(_ objective: any Objective, _ inputs: ObjectiveInputs, members: [Int], isDifferentiated: Bool) {
        self.objective = objective
        self.members = members
        self.isDifferentiated = isDifferentiated
        self.inputs = isDifferentiated ? inputs : inputs.at(inputs.parameters.map { $0.stoppingGradient() })
        curvature = Curvature(objective, self.inputs)
    }

    func loss(at parameters: [Tensor]) -> Tensor { objective.loss(inputs.at(all(parameters))) }

    func gradient(at parameters: [Tensor]) -> [Tensor] {
        let there = inputs.at(all(isDifferentiated ? parameters : parameters.map { $0.stoppingGradient() }))
        let result = objective.evaluate(there).outputs
        let followed = objective.followedLoss(result, batch: there.batch)
        let gradients = TensorEngine.gradient(of: followed, withRespectTo: members.map { there.parameters[$0] })
        return isDifferentiated ? gradients : gradients.map { $0.stoppingGradient() }
    }

    func gaussNewtonProduct(_ vector: [Tensor]) -> [Tensor] { own(curvature.gaussNewtonProduct(embedded(vector))) }

    func hessianProduct(_ vector: [Tensor]) -> [Tensor] { own(curvature.hessianProduct(embedded(vector))) }

    /// Targets are drawn from the model, so that the second moments of slopes are the Fisher matrix's.
    ///
    /// Cost: the outputs, and their derivative by each layer's outputs.
    func layerStatistics(number: Tensor) -> [LayerStatistics] {
        guard let layered = objective.layered else { preconditionFailure("this objective tells no layers") }
        let (outputs, all) = layered.layers(inputs)
        let layers = all.filter { members.contains($0.kernel) }
        let slopes = pullback(
            of: [outputs], cotangents: [layered.sampledSlopes(outputs, number: number)],
            withRespectTo: layers.map(\.outputs))
        return zip(layers, slopes).map { layer, slopes in
            isDifferentiated
                ? LayerStatistics(inputs: layer.inputs, slopes: slopes)
                : LayerStatistics(inputs: layer.inputs.stoppingGradient(), slopes: slopes.stoppingGradient())
        }
    }

    /// All parameters, with the optimizer's own replaced.
    private func all(_ parameters: [Tensor]) -> [Tensor] {
        var result = inputs.parameters
        for (member, tensor) in zip(members, parameters) { result[member] = tensor }
        return result
    }

    /// A vector of all parameters, 0 but for the optimizer's own.
    private func embedded(_ vector: [Tensor]) -> [Tensor] {
        var result = inputs.parameters.map { $0.filled(with: 0) }
        for (member, tensor) in zip(members, vector) { result[member] = tensor }
        return result
    }

    private func own(_ vector: [Tensor]) -> [Tensor] { members.map { vector[$0] } }
}

/// What meta-parameters have around them: nobody who asks is given them to optimize.
struct NoLandscape: Landscape {
    func loss(at parameters: [Tensor]) -> Tensor { preconditionFailure("nobody asks") }
    func gradient(at parameters: [Tensor]) -> [Tensor] { preconditionFailure("nobody asks") }
    func gaussNewtonProduct(_ vector: [Tensor]) -> [Tensor] { preconditionFailure("nobody asks") }
    func hessianProduct(_ vector: [Tensor]) -> [Tensor] { preconditionFailure("nobody asks") }
    func layerStatistics(number: Tensor) -> [LayerStatistics] { preconditionFailure("nobody asks") }
}
