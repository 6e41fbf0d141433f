import ExperimentSpec
import Problems
import Registry
import TensorEngine

/// Finds the problems that are the same whatever the seed: repeats of a trial on one are copies of one computation, and
/// no evidence.
///
/// Nothing says so of a problem; it shows. What a problem draws, it draws from a key, so that two keys give other
/// numbers wherever there are any to draw.
enum SeedDependence {
    /// Beyond this many numbers a problem is not looked at: those that need no seed are small.
    private static let mostElements = 1e6

    static func isSeedless(_ spec: ProblemSpec, _ registry: Registry) -> Bool {
        guard registry.datasets(of: spec).isEmpty else { return false }
        return isSeedless(registry.family(of: spec) { preconditionFailure("\($0.name) is not asked for") })
    }

    static func isSeedless(_ family: any ProblemFamily) -> Bool {
        let keys = (1...3).map { RandomKey(seed: $0) }
        let problems = keys.map(family.problem)
        guard problems.allSatisfy({ elementCount(of: $0) <= mostElements }) else { return false }
        let drawn = zip(problems, keys).map(elements)
        return drawn.allSatisfy { $0 == drawn[0] }
    }

    private static func elementCount(of problem: Problem) -> Double {
        let shapes = problem.parameters.map(\.shape) + problem.data.shapes(of: .minibatch(step: 0))
        return shapes.reduce(0) { $0 + $1.sizes.reduce(1) { $0 * Double($1) } }
    }

    /// The initial parameters, and the data of some batches, as bits.
    private static func elements(of problem: Problem, _ key: RandomKey) -> [UInt64] {
        let parameters = ElementBuffer<Double>(count: problem.parameters.elementCount)
        problem.objective.initialize(
            TensorElements.consecutive(problem.parameters.map(\.shape), at: parameters.start), key: key)
        var elements = parameters.elements
        let shapes = problem.data.shapes(of: .minibatch(step: 0))
        for step in 0..<(problem.data.isFresh ? 3 : 1) where !shapes.isEmpty {
            let tensors = shapes.map { ElementBuffer<Double>(count: $0.count) }
            problem.data.fill(tensors.map(TensorElements.init), .minibatch(step: step), key: key)
            elements += tensors.flatMap(\.elements)
        }
        return elements.map(\.bitPattern)
    }
}
