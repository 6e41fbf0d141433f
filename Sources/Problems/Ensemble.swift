import TensorEngine

/// Several problems at once: the weighted sum of their losses (`ensemble` of the code published with Andrychowicz et
/// al. 2016).
///
/// The parameters of the first are called `1/…`, those of the second `2/…`. The final loss is the same sum of what the
/// problems' own final losses are; test splits are not scored, since accuracies don't add up.
public struct Ensemble: Problem {
    public let problems: [any Problem]
    public let weights: [Double]

    /// - Parameter weights: one for each problem.
    public init(_ problems: [any Problem], weights: [Double]) {
        precondition(!problems.isEmpty && problems.count == weights.count, "each problem needs a weight")
        self.problems = problems
        self.weights = weights
    }

    public var parameters: [Parameter] {
        problems.enumerated().flatMap { index, problem in
            problem.parameters.map { Parameter("\(index + 1)/\($0.name)", $0.shape) }
        }
    }

    public var hasFreshData: Bool { problems.contains(where: \.hasFreshData) }

    /// Each problem has a size of its own for its final batch; that there is one at all is what counts here.
    public var finalExamples: Int? { problems.compactMap(\.finalExamples).max() }

    public func dataShapes(examples: Int?) -> [Shape] {
        problems.flatMap { $0.dataShapes(examples: examples == nil ? nil : $0.finalExamples) }
    }

    public func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor {
        sum(parameters, data) { $0.loss($1, data: $2) }
    }

    /// The sum in which each problem that has a surrogate loss is represented by it.
    public func surrogateLoss(_ parameters: [Tensor], data: [Tensor]) -> Tensor? {
        var isSurrogate = false
        let result = sum(parameters, data) { problem, parameters, data in
            let surrogate = problem.surrogateLoss(parameters, data: data)
            if surrogate != nil { isSurrogate = true }
            return surrogate ?? problem.loss(parameters, data: data)
        }
        return isSurrogate ? result : nil
    }

    /// The weighted sum of what `loss` makes of each problem, its parameters and its data.
    private func sum(
        _ parameters: [Tensor], _ data: [Tensor], of loss: (any Problem, [Tensor], [Tensor]) -> Tensor
    ) -> Tensor {
        var (parameters, data) = (parameters[...], data[...])
        let losses = zip(problems, weights).map { problem, weight in
            let (own, count) = (problem.parameters.count, problem.dataShapes(examples: nil).count)
            defer {
                parameters = parameters.dropFirst(own)
                data = data.dropFirst(count)
            }
            return loss(problem, Array(parameters.prefix(own)), Array(data.prefix(count))) * weight
        }
        return losses.dropFirst().reduce(losses[0], +)
    }

    /// The key of one of the problems in a trial, so that two that are alike don't draw alike.
    public static func key(ofProblem index: Int, _ key: RandomKey) -> RandomKey {
        key.derived("problem of an ensemble", UInt64(index))
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        var pointer = parameters
        for (index, problem) in problems.enumerated() {
            problem.initialize(pointer, key: Self.key(ofProblem: index, key))
            pointer += problem.parameters.elementCount
        }
    }

    public func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {
        var data = data[...]
        for (index, problem) in problems.enumerated() {
            let examples = examples == nil ? nil : problem.finalExamples
            let count = problem.dataShapes(examples: examples).count
            problem.fill(
                Array(data.prefix(count)), batch: problem.ownBatch(batch), examples: examples,
                key: Self.key(ofProblem: index, key))
            data = data.dropFirst(count)
        }
    }
}

/// Ensembles of what each of several families draws.
public struct EnsembleFamily: ProblemFamily {
    private let families: [any ProblemFamily]
    private let weights: [Double]

    /// - Parameter weights: one for each family.
    public init(_ families: [any ProblemFamily], weights: [Double]) {
        self.families = families
        self.weights = weights
    }

    public func problem(_ key: RandomKey) -> any Problem {
        Ensemble(families.enumerated().map { $1.problem(Ensemble.key(ofProblem: $0, key)) }, weights: weights)
    }

    public var isUniform: Bool { families.allSatisfy(\.isUniform) }
}

extension Problem {
    /// The batch that stands for an ensemble's: a problem without fresh data has but one, one without a final batch
    /// takes its final loss on that of a step.
    fileprivate func ownBatch(_ batch: Batch) -> Batch {
        switch batch {
        case .step: hasFreshData ? batch : .step(0)
        case .final: finalExamples == nil ? .step(0) : .final
        }
    }
}
