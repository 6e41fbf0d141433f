import Optimizers
import Problems
import TensorEngine

/// Times single meta-steps: what benchmarks compare with other programs.
public enum MetaStepTiming {
    /// Runs meta-steps of a learned optimizer with its initial meta-parameters.
    ///
    /// - Parameters:
    ///   - steps: the unroll's length.
    ///   - count: how many meta-steps are timed, after one that is not.
    ///   - now: seconds on any clock that only goes forward.
    /// - Returns: the seconds each took: forward, backward and the sum of partial meta-gradients.
    public static func seconds<Scalar: TensorScalar>(
        _ problem: any Problem, _ optimizer: any Optimizer, steps: Int, secondDerivatives: Bool, count: Int,
        as type: Scalar.Type, on executor: any PieceExecutor, now: () -> Double
    ) -> [Double] {
        let unroll = BlockedUnroll<Scalar>(problem, optimizer, steps: steps, secondDerivatives: secondDerivatives)
        let key = RandomKey(seed: 1)
        let metaParameters = ElementBuffer<Scalar>(count: optimizer.metaParameters.elementCount)
        let metaGradient = ElementBuffer<Scalar>(count: metaParameters.count)
        optimizer.initializeMetaParameters(metaParameters.start, key: key)
        unroll.start(key: key)
        var times: [Double] = []
        for _ in 0...count {
            let start = now()
            _ = unroll.run(metaParameters: metaParameters, metaGradient: metaGradient, on: executor)
            times.append(now() - start)
        }
        return Array(times.dropFirst())
    }
}
