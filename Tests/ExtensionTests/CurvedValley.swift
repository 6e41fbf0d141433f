import Formats
import Problems
import TensorEngine

/// (1 − x)² + h (y − x²)² from (−1.2, 1) (Rosenbrock 1960).
struct CurvedValley: FunctionObjective {
    let steepness: Double

    var parameters: [Parameter] { [Parameter("x", [1]), Parameter("y", [1])] }

    func loss(_ parameters: [Tensor]) -> Tensor {
        let (x, y) = (parameters[0], parameters[1])
        return ((1 - x).squared() + steepness * (y - x.squared()).squared()).sum()
    }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        parameters[0].fill(-1.2)
        parameters[1].fill(1)
    }
}

extension ProblemKind {
    static let curvedValley = ProblemKind(
        "curvedValley", "(1 - x)² + h (y - x²)² from (-1.2, 1).",
        fields: [Field("steepness", .number(.positive), default: 100, "h.")]
    ) { settings in
        Problem(CurvedValley(steepness: settings.number("steepness")))
    }
}
