import Problems
import TensorEngine

/// The working memory of one trial's optimizee: data of the current minibatch, and where its plans run.
final class OptimizeeRun<Scalar: TensorScalar> {
    let optimizee: Optimizee<Scalar>
    private var key: RandomKey
    private let gradientMemory: PlanMemory<Scalar>
    private let minibatch: [ElementBuffer<Scalar>]
    /// The elements of `minibatch`: an array that needs not be made at each step.
    private let minibatchElements: [TensorElements<Scalar>]
    private let loss = ElementBuffer<Scalar>(count: 1)
    private let localState: LocalState<Scalar>
    private var heldStep: Int?
    private let curvatureMemory: PlanMemory<Scalar>?
    /// Where evaluations ran before, if that is kept.
    private var final: Evaluation<Scalar>?
    private var test: Evaluation<Scalar>?

    init(_ optimizee: Optimizee<Scalar>, key: RandomKey) {
        self.optimizee = optimizee
        self.key = key
        let plan = optimizee.gradient
        minibatch = optimizee.problem.data.shapes(of: .minibatch(step: 0)).map { ElementBuffer(count: $0.count) }
        minibatchElements = minibatch.map(TensorElements.init)
        gradientMemory = plan.objective.makeMemory(minibatch)
        gradientMemory.bind(plan.loss, to: loss.start)
        localState = LocalState(optimizee)
        localState.bind(plan.local, of: gradientMemory)
        curvatureMemory = optimizee.curvature?.objective.makeMemory(minibatch)
    }

    /// Makes it another trial's.
    func begin(key: RandomKey) {
        self.key = key
        heldStep = nil
    }

    /// The tensors of the minibatch that is held.
    var minibatchStarts: [UnsafeMutablePointer<Scalar>] { minibatch.map(\.start) }

    /// Sees to it that the minibatch of a step is there. Nothing may read that of another step any more.
    func hold(step: Int) {
        let data = optimizee.problem.data
        guard heldStep == nil || (data.isFresh && heldStep != step) else { return }
        data.fill(minibatchElements, .minibatch(step: step), key: key)
        heldStep = step
    }

    /// Where an evaluation reads and writes.
    struct Vectors {
        /// The flat parameter vector.
        var parameters: UnsafeMutablePointer<Scalar>
        /// What is carried, and where it goes on, one tensor after the other.
        var carried: UnsafeMutablePointer<Scalar>
        var newCarried: UnsafeMutablePointer<Scalar>
        /// Where the gradient goes, as many elements as parameters.
        var gradient: UnsafeMutablePointer<Scalar>
        /// Where goes what optimizers are told of each parameter, as the layout says.
        var local: UnsafeMutablePointer<Scalar>
    }

    /// The loss on the minibatch of a step, and its gradient.
    func evaluate(step: Int, _ vectors: Vectors, on executor: any PieceExecutor) -> Double {
        hold(step: step)
        let plan = optimizee.gradient
        gradientMemory.bind(plan.objective.parameters, to: vectors.parameters)
        gradientMemory.bind(plan.objective.carried, to: vectors.carried)
        gradientMemory.bind(plan.gradient, to: vectors.gradient)
        gradientMemory.bind(plan.newCarried, to: vectors.newCarried)
        plan.objective.plan.run(gradientMemory, on: executor)
        localState.write(to: vectors.local)
        return Double(loss.start.pointee)
    }

    /// The Hessian of the loss on the minibatch of a step, times a vector; all vectors are flat.
    func multiplyByCurvature(
        step: Int, parameters: UnsafeMutablePointer<Scalar>, carried: UnsafeMutablePointer<Scalar>,
        vector: UnsafeMutablePointer<Scalar>, product: UnsafeMutablePointer<Scalar>, on executor: any PieceExecutor
    ) {
        guard let curvature = optimizee.curvature, let memory = curvatureMemory else {
            preconditionFailure("this optimizee was made without curvature")
        }
        hold(step: step)
        memory.bind(curvature.objective.parameters, to: parameters)
        memory.bind(curvature.objective.vectors[0], to: vector)
        memory.bind(curvature.objective.carried, to: carried)
        memory.bind(curvature.product, to: product)
        curvature.objective.plan.run(memory, on: executor)
    }

    /// The loss on the final batch.
    func finalLoss(
        parameters: UnsafeMutablePointer<Scalar>, carried: UnsafeMutablePointer<Scalar>,
        on executor: any PieceExecutor
    ) -> Double {
        let form = optimizee.problem.data.finalBatch
        let evaluation = final ?? Evaluation(optimizee, optimizee.final, form)
        if optimizee.keepsMemory { final = evaluation }
        evaluation.bind(parameters: parameters, carried: carried)
        return evaluation.run(form, key: key, on: executor)[0]
    }

    /// The means of the scores over the test split, by name; empty where there is none.
    func testScores(
        parameters: UnsafeMutablePointer<Scalar>, carried: UnsafeMutablePointer<Scalar>,
        on executor: any PieceExecutor
    ) -> [String: Double] {
        guard let test = optimizee.test else { return [:] }
        let evaluation = self.test ?? Evaluation(optimizee, test.plan, .chunk(0, of: .test))
        if optimizee.keepsMemory { self.test = evaluation }
        evaluation.bind(parameters: parameters, carried: carried)
        var sums = test.names.map { _ in 0.0 }
        for chunk in 0..<test.split.chunks {
            let scores = evaluation.run(.chunk(chunk, of: .test), key: key, on: executor)
            for (index, score) in scores.enumerated() { sums[index] += score }
        }
        let means = sums.map { $0 / Double(test.split.examples) }
        return Dictionary(uniqueKeysWithValues: zip(test.names, means))
    }
}

/// One plan on batches of one form.
private struct Evaluation<Scalar: TensorScalar> {
    private let data: any DataSource
    private let plan: ObjectivePlan<Scalar>
    private let memory: PlanMemory<Scalar>
    private let batch: [ElementBuffer<Scalar>]
    private let results: ElementBuffer<Scalar>

    init(_ optimizee: Optimizee<Scalar>, _ plan: ObjectivePlan<Scalar>, _ form: Batch) {
        data = optimizee.problem.data
        self.plan = plan
        batch = data.shapes(of: form).map { ElementBuffer(count: $0.count) }
        memory = plan.makeMemory(batch)
        results = ElementBuffer(count: plan.plan.outputShapes.count)
        for index in 0..<results.count { memory.bind(output: index, to: results.start + index) }
    }

    func bind(parameters: UnsafeMutablePointer<Scalar>, carried: UnsafeMutablePointer<Scalar>) {
        memory.bind(plan.parameters, to: parameters)
        memory.bind(plan.carried, to: carried)
    }

    /// The plan's outputs on a batch.
    func run(_ form: Batch, key: RandomKey, on executor: any PieceExecutor) -> [Double] {
        data.fill(batch.map(TensorElements.init), form, key: key)
        plan.plan.run(memory, on: executor)
        return results.elements.map(Double.init)
    }
}
