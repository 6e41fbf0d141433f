import TensorEngine

/// An optimizer whose step solves a linear system A x = d, with d the gradient: θ' = θ − η x. What shapes A learns from
/// the losses along an unroll; what helps to solve it learns from how good the solution is (Chen, Lu and Fokoue 2018,
/// section 3.3).
public protocol SolvingOptimizer: Optimizer {
    /// η.
    var learningRate: Double { get }

    /// How many of its first meta-parameters shape A. The others help to solve.
    var shapingTensors: Int { get }

    /// How many of the tensors that it remembers belong to these, behind `recalledTensors`. The rest belong to the others.
    func shapingState(of parameters: [Parameter]) -> Int

    /// How many of the first tensors that it remembers are read as data: no derivative goes through them.
    func recalledTensors(of parameters: [Parameter]) -> Int

    /// The solution at a point, traced.
    func solve(_ point: OptimizationPoint, metaParameters: [Tensor]) -> LinearSolution
}

/// Where the solution of A x = d got to.
public struct LinearSolution {
    /// x
    public var solution: TensorVector
    /// d − A x
    public var residual: TensorVector
    /// The new state, as the optimizer remembers it.
    public var state: [Tensor]

    public init(solution: TensorVector, residual: TensorVector, state: [Tensor]) {
        self.solution = solution
        self.residual = residual
        self.state = state
    }

    /// −⟨d, x⟩ / √⟨x, A x⟩, a scalar: by how much x goes down the quadratic model when it is as long as it should be,
    /// whatever its length. It is lowest where A x is a multiple of d.
    public func quality(gradient: TensorVector) -> Tensor {
        let bend = solution.innerProduct(gradient - residual)
        // A solution of 0, of a gradient of 0, has none.
        return -gradient.innerProduct(solution) / (bend.maximum(1e-30)).squareRoot()
    }
}
