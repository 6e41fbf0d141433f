import KernelsBaseline

#if arch(x86_64)
    import KernelsAVX2
    import KernelsAVX512
#endif

extension Float: TensorScalar {
    public static var kernels: KernelTable<Float> { chosenFloatKernels }

    public static func kernels(for instructionSet: InstructionSet) -> KernelTable<Float> {
        precondition(InstructionSet.runnable.contains(instructionSet), "\(instructionSet) kernels cannot run here")
        #if arch(x86_64)
            return switch instructionSet {
            case .avx512: avx512FloatKernels
            case .avx2: avx2FloatKernels
            case .neon, .baseline: baselineFloatKernels
            }
        #else
            return baselineFloatKernels
        #endif
    }
}

extension Double: TensorScalar {
    public static var kernels: KernelTable<Double> { chosenDoubleKernels }

    public static func kernels(for instructionSet: InstructionSet) -> KernelTable<Double> {
        precondition(InstructionSet.runnable.contains(instructionSet), "\(instructionSet) kernels cannot run here")
        #if arch(x86_64)
            return switch instructionSet {
            case .avx512: avx512DoubleKernels
            case .avx2: avx2DoubleKernels
            case .neon, .baseline: baselineDoubleKernels
            }
        #else
            return baselineDoubleKernels
        #endif
    }
}

private let chosenFloatKernels = Float.kernels(for: chosenInstructionSet)
private let chosenDoubleKernels = Double.kernels(for: chosenInstructionSet)

private let chosenInstructionSet: InstructionSet = {
    switch KernelChoice.current {
    case .success(let instructionSet): return instructionSet
    case .failure(let error): fatalError(error.description)
    }
}()
