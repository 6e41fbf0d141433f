import Locking
import Optimizers
import Problems
import TensorEngine

/// What an optimizer on a problem is compiled to. It is immutable, and trials may share it: each runs in memory of its
/// own.
final class CompiledOptimization<Scalar: TensorScalar>: @unchecked Sendable {
    let layout: ParameterLayout
    let optimizee: Optimizee<Scalar>
    private let benches: LendingPool<Bench>

    /// What one trial works in.
    private final class Bench {
        let inner: OptimizationStep<Scalar>
        let state: InnerState<Scalar>

        init(_ inner: OptimizationStep<Scalar>) {
            self.inner = inner
            state = inner.makeState()
        }
    }

    /// - Throws: `TrialFailure` where a parameter has no optimizer, or a step would need more memory than there is.
    init(_ problem: Problem, _ optimizers: ParameterGroups) throws {
        layout = try ParameterLayout(problem, optimizers)
        optimizee = try Optimizee(problem, layout)
        // Never run itself, only copied.
        nonisolated(unsafe) let update = OptimizerStep<Scalar>(layout, problem)
        benches = LendingPool { [optimizee] in
            Bench(OptimizationStep(optimizee, OptimizerStep(copying: update)))
        }
    }

    /// Lends the inner step of one trial, and a state for it to begin. Both are kept for the next where they are small.
    func withInnerStep<Result>(
        _ body: (OptimizationStep<Scalar>, InnerState<Scalar>) throws -> Result
    ) rethrows -> Result {
        guard optimizee.keepsMemory else {
            let bench = benches.make()
            return try body(bench.inner, bench.state)
        }
        return try benches.withValue { try body($0.inner, $0.state) }
    }
}

/// What trials of one family and optimizer compile, once for all of them where the family allows it.
final class SharedCompilation<Scalar: TensorScalar>: Sendable {
    private let family: any ProblemFamily
    private let optimizers: ParameterGroups
    private let compiled = Locked<CompiledOptimization<Scalar>?>(nil)

    init(_ family: any ProblemFamily, _ optimizers: ParameterGroups) {
        self.family = family
        self.optimizers = optimizers
    }

    /// The compiled optimization of one of the family's problems. Others that ask meanwhile wait for it.
    ///
    /// - Throws: As ``CompiledOptimization``.
    func optimization(of problem: Problem) throws -> CompiledOptimization<Scalar> {
        guard family.isUniform else { return try CompiledOptimization(problem, optimizers) }
        return try compiled.withLock { compiled in
            if let compiled { return compiled }
            let new = try CompiledOptimization<Scalar>(problem, optimizers)
            compiled = new
            return new
        }
    }
}
