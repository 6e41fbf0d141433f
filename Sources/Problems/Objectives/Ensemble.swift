import TensorEngine

/// Several problems at once: the weighted sum of their losses (`ensemble` of the code published with Andrychowicz et
/// al. 2016).
///
/// The parameters of the first are called `1/…`, those of the second `2/…`. The final loss is the same sum of what the
/// problems' own final losses are; test splits are not scored, since accuracies don't add up.
public struct Ensemble: Objective, DataSource {
    public let problems: [Problem]
    public let weights: [Double]

    /// - Parameter weights: one for each problem.
    public init(_ problems: [Problem], weights: [Double]) {
        precondition(!problems.isEmpty && problems.count == weights.count, "each problem needs a weight")
        self.problems = problems
        self.weights = weights
    }

    private var objectives: [any Objective] { problems.map(\.objective) }

    public var parameters: [Parameter] {
        objectives.enumerated().flatMap { index, objective in
            objective.parameters.map { $0.renamed("\(index + 1)/\($0.name)") }
        }
    }

    public var carried: [CarriedTensor] {
        objectives.enumerated().flatMap { index, objective in
            objective.carried.map { CarriedTensor("\(index + 1)/\($0.name)", $0.shape, initial: $0.initial) }
        }
    }

    /// Where the problems' own are, and none of them is turned over by its weight.
    public var isLossConvex: Bool { objectives.allSatisfy(\.isLossConvex) && weights.allSatisfy { $0 >= 0 } }

    public var outputCount: Int { objectives.reduce(0) { $0 + $1.outputCount } }

    /// Those of one problem after those of the other.
    public func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let parameters = inputs.parameters.cut(objectives.map(\.parameters.count))
        let carried = inputs.carried.cut(objectives.map(\.carried.count))
        let batches = inputs.batch.cut(tensorCounts)
        let parts = objectives.enumerated().map { index, objective in
            objective.evaluate(
                ObjectiveInputs(parameters[index], carried: carried[index], batch: batches[index], mode: inputs.mode))
        }
        return ObjectiveOutputs(parts.flatMap(\.outputs), carried: parts.flatMap(\.carried))
    }

    public func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor {
        sum(outputs, batch) { $0.loss($1, batch: $2) }
    }

    /// The sum in which each problem that has a surrogate loss is represented by it.
    public func surrogateLoss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor? {
        var isSurrogate = false
        let result = sum(outputs, batch) { objective, outputs, batch in
            let surrogate = objective.surrogateLoss(outputs, batch: batch)
            if surrogate != nil { isSurrogate = true }
            return surrogate ?? objective.loss(outputs, batch: batch)
        }
        return isSurrogate ? result : nil
    }

    /// The weighted sum of what `loss` makes of each problem, its outputs and its batch.
    private func sum(
        _ outputs: [Tensor], _ batch: [Tensor], of loss: (any Objective, [Tensor], [Tensor]) -> Tensor
    ) -> Tensor {
        let outputs = outputs.cut(objectives.map(\.outputCount))
        let batches = batch.cut(tensorCounts)
        let losses = objectives.indices.map { loss(objectives[$0], outputs[$0], batches[$0]) * weights[$0] }
        return losses.dropFirst().reduce(losses[0], +)
    }

    /// The key of one of the problems in a trial, so that two that are alike don't draw alike.
    public static func key(ofProblem index: Int, _ key: RandomKey) -> RandomKey {
        key.derived("problem of an ensemble", UInt64(index))
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        for (index, own) in parameters.cut(objectives.map(\.parameters.count)).enumerated() {
            objectives[index].initialize(own, key: Self.key(ofProblem: index, key))
        }
    }

    public var isFresh: Bool { problems.contains(where: \.data.isFresh) }

    /// Each problem has a fixed batch of a size of its own; that there is one at all is what counts here.
    public var hasFixedBatch: Bool { problems.contains(where: \.data.hasFixedBatch) }

    public func shapes(of batch: Batch) -> [Shape] {
        problems.flatMap { $0.data.shapes(of: $0.data.own(batch)) }
    }

    public func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        for (index, own) in tensors.cut(tensorCounts).enumerated() {
            let data = problems[index].data
            data.fill(own, data.own(batch), key: Self.key(ofProblem: index, key))
        }
    }

    /// How many tensors each problem's batches have.
    private var tensorCounts: [Int] { problems.map { $0.data.shapes(of: .minibatch(step: 0)).count } }
}

extension DataSource {
    /// The batch that stands for an ensemble's: data that are the same at every step are but one batch, and those without
    /// a fixed batch have the final loss taken on that of a step.
    fileprivate func own(_ batch: Batch) -> Batch {
        switch batch {
        case .minibatch: isFresh ? batch : .minibatch(step: 0)
        case .fixed: finalBatch
        case .chunk: batch
        }
    }
}

extension Array {
    /// Consecutive parts of these lengths.
    fileprivate func cut(_ counts: [Int]) -> [[Element]] {
        var rest = self[...]
        return counts.map { count in
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
    }
}
