extension KernelTable {
    /// The kernel of one operation for one target.
    @inlinable @inline(always)
    static func elementwiseKernel<Target: KernelTarget>(_ operation: ElementwiseOperation, _: Target.Type)
        -> Elementwise
    where Target.Vector.Scalar == Scalar {
        switch operation {
        case .negate: { NegateKernel<Target>.run($0, $1, $4) }
        case .absolute: { AbsoluteKernel<Target>.run($0, $1, $4) }
        case .sign: { SignKernel<Target>.run($0, $1, $4) }
        case .exponential: { ExponentialKernel<Target.Wide>.run($0, $1, $4) }
        case .logarithm: { LogarithmKernel<Target.Wide>.run($0, $1, $4) }
        case .tanh: { TanhKernel<Target.Wide>.run($0, $1, $4) }
        case .sigmoid: { SigmoidKernel<Target.Wide>.run($0, $1, $4) }
        case .squareRoot: { SquareRootKernel<Target>.run($0, $1, $4) }
        case .sine: { SineKernel<Target.Wide>.run($0, $1, $4) }
        case .cosine: { CosineKernel<Target.Wide>.run($0, $1, $4) }
        case .add: { AddKernel<Target>.run($0, $1, $2, $4) }
        case .subtract: { SubtractKernel<Target>.run($0, $1, $2, $4) }
        case .multiply: { MultiplyKernel<Target>.run($0, $1, $2, $4) }
        case .divide: { DivideKernel<Target>.run($0, $1, $2, $4) }
        case .maximum: { MaximumKernel<Target>.run($0, $1, $2, $4) }
        case .minimum: { MinimumKernel<Target>.run($0, $1, $2, $4) }
        case .greater: { GreaterKernel<Target>.run($0, $1, $2, $4) }
        case .equal: { EqualKernel<Target>.run($0, $1, $2, $4) }
        case .select: { SelectKernel<Target>.run($0, $1, $2, $3, $4) }
        case .multiplyAdd: { MultiplyAddKernel<Target>.run($0, $1, $2, $3, $4) }
        case .sigmoidSlope: { SigmoidSlopeKernel<Target>.run($0, $1, $2, $3, $4) }
        case .tanhSlope: { TanhSlopeKernel<Target>.run($0, $1, $2, $3, $4) }
        case .sigmoidMultiply: { SigmoidMultiplyKernel<Target.Wide>.run($0, $1, $2, $4) }
        case .sigmoidMultiplyAdd: { SigmoidMultiplyAddKernel<Target.Wide>.run($0, $1, $2, $3, $4) }
        }
    }
}
