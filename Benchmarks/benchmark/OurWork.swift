import Datasets
import Dispatch
import Foundation
import MetaTraining
import Optimizers
import Problems
import Scheduler
import Synchronization
import TensorEngine

extension Work {
    /// Does this work in this process, as `journal` does it.
    ///
    /// - Returns: the seconds that each step took; the first is left out.
    func seconds(repeats: Int, threads: Int, library: DatasetLibrary) throws -> [Double] {
        switch self {
        case .learningToLearn, .secondDerivatives:
            return try Self.metaSteps(
                smallNetwork(library), RecurrentOptimizer(),
                .truncatedBackpropagation(secondDerivatives: self == .secondDerivatives), repeats: repeats,
                threads: threads)
        case .quadratic:
            return try Self.metaSteps(
                FixedProblem(Quadratic(batchSize: 128, dimensions: 10)), RecurrentOptimizer(),
                .truncatedBackpropagation(secondDerivatives: false), repeats: repeats, threads: threads)
        case .perceptron:
            return try Self.metaSteps(
                smallNetwork(library), PerceptronOptimizer(), .truncatedBackpropagation(secondDerivatives: true),
                repeats: repeats, threads: threads)
        case .perceptronEvolution, .recurrentEvolution:
            let optimizer: any Optimizer = self == .perceptronEvolution ? PerceptronOptimizer() : RecurrentOptimizer()
            return try Self.metaSteps(
                smallNetwork(library), optimizer, .persistentEvolutionStrategies(deviation: 0.01, pairs: 8),
                repeats: repeats, threads: threads)
        case .trials:
            return try Trials.seconds(repeats: repeats, threads: threads, library: library)
        case .student:
            let family = ClassificationFamily(
                datasets: DatasetPool([try digits(library)]), architecture: .fixed([128, 128]), activation: .sigmoid,
                initialization: .glorot, batchSize: 128)
            return try Self.steps(family, Adam(learningRate: 1e-3), repeats: repeats, threads: threads)
        case .convnet:
            // A time is of a hundred steps here and of ten in the peers.
            return try Self.steps(
                FixedProblem(Self.convolutionalNetwork()), Adam(learningRate: 1e-3), repeats: (repeats + 9) / 10,
                threads: threads)
        case .hessianFree, .hessianFreeConvnet:
            let problem = self == .hessianFree ? Self.perceptron() : Self.smallConvolutionalNetwork()
            return try Self.steps(
                FixedProblem(problem), HessianFree(learningRate: 0.1, damping: .fixed(5e-3)),
                repeats: (repeats + 9) / 10,
                threads: threads)
        case .learnedHessianFree:
            return try Self.metaSteps(
                FixedProblem(Self.perceptron()), LearnedHessianFree(), .solutions(SolutionLearning()),
                epochLength: 50, unrollLength: 10, repeats: repeats, threads: threads)
        }
    }

    private func smallNetwork(_ library: DatasetLibrary) throws -> ClassificationFamily {
        ClassificationFamily(
            datasets: DatasetPool([try digits(library)]), architecture: .fixed([20]), activation: .sigmoid,
            initialization: .paper, batchSize: 128)
    }

    /// The networks of the peers of Hessian-free optimization.
    private static func perceptron() -> Problem {
        Problem.classification(
            dataset: noise(), student: Student(inputs: 3072, hidden: [20], classes: 10, initialization: .glorot),
            batchSize: 128)
    }

    private static func smallConvolutionalNetwork() -> Problem {
        let convolutions = (0..<2).map { _ in ConvolutionalStudent.Convolution(size: 5, channels: 16, pooling: 2) }
        return Problem.classification(
            dataset: noise(),
            student: ConvolutionalStudent(
                images: .channelsLast(height: 32, width: 32, channels: 3), convolutions: convolutions,
                hidden: [.init(units: 96), .init(units: 48)], classes: 10, initialization: .glorot),
            batchSize: 128)
    }

    /// The network of the peers on noise: what a step costs does not depend on the images.
    private static func convolutionalNetwork() -> Problem {
        let convolutions = (0..<2).map { _ in ConvolutionalStudent.Convolution(size: 5, channels: 64, pooling: 2) }
        return Problem.classification(
            dataset: noise(),
            student: ConvolutionalStudent(
                images: .channelsLast(height: 32, width: 32, channels: 3), convolutions: convolutions, hidden: [],
                classes: 10, initialization: .glorot),
            batchSize: 64)
    }

    private static func noise() -> Dataset {
        var stream = RandomStream(RandomKey(seed: 1))
        func split(_ count: Int) -> Split {
            Split(
                features: 3072, images: (0..<3072 * count).map { _ in UInt8(stream.index(below: 256)) },
                labels: (0..<count).map { _ in UInt8(stream.index(below: 10)) })
        }
        return Dataset(
            name: "noise", origin: .synthetic(seed: 1), checksum: "", classes: 10, shape: [32, 32, 3],
            training: split(2000), test: split(100))
    }

    private func digits(_ library: DatasetLibrary) throws -> Dataset {
        try library.load(name: "mnist", fallback: "synthetic-digits", seed: 1)
    }

    /// Meta-steps of a learned optimizer, five an epoch, each with its update of the meta-parameters.
    private static func metaSteps(
        _ family: ProblemFamily, _ optimizer: any Optimizer, _ estimation: MetaGradientEstimation,
        epochLength: Int = 100, unrollLength: Int = 20, repeats: Int, threads: Int
    ) throws -> [Double] {
        let epochs = repeats / 5 + 1
        let trial = MetaTrainingTrial<Float>(
            family: family, optimizer: optimizer,
            settings: MetaTrainingSettings(
                EpochSchedule(epochs: epochs, epochLength: epochLength, unrollLength: unrollLength),
                metaOptimizer: MetaOptimizer(Adam(learningRate: 1e-3)),
                estimation: estimation, gradientClip: nil, averaging: 0, evaluationEvery: epochs, evaluationEpochs: 1))
        let times = Mutex<[Double]>([])
        try onWorker(of: threads) { event in
            guard case .points(.metaStepSeconds, _, _, let values) = event else { return }
            times.withLock { $0 += values }
        } trial: { context in
            _ = try trial.run(seed: 1, context)
        }
        return Array(times.withLock { $0 }.dropFirst().prefix(repeats))
    }

    /// Steps of an optimizer, timed a hundred at a time, as a trial tells of them.
    private static func steps(
        _ family: ProblemFamily, _ optimizer: any Optimizer, repeats: Int, threads: Int
    ) throws -> [Double] {
        let trial = OptimizationTrial<Float>(family: family, optimizer: optimizer, steps: 100 * (repeats + 1))
        let instants = Mutex<[Double]>([])
        try onWorker(of: threads) { event in
            guard case .advanced(100) = event else { return }
            instants.withLock { $0.append(now()) }
        } trial: { context in
            _ = try trial.run(seed: 1, context)
        }
        let told = instants.withLock { $0 }
        return zip(told, told.dropFirst()).map { ($1 - $0) / 100 }
    }

    private static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }

    /// Runs a trial where the program runs it: on one of a pool's threads, which the others help.
    private static func onWorker(
        of threads: Int, emit: @escaping @Sendable (TrialEvent) -> Void,
        trial: @escaping @Sendable (TrialContext) throws -> Void
    ) throws {
        let pool = WorkerPool(workers: threads)
        let end = Mutex<Result<Void, any Error>>(.success(()))
        let finished = DispatchSemaphore(value: 0)
        pool.submit {
            let result = Result { try trial(TrialContext(executor: pool, emit: emit, now: now)) }
            end.withLock { $0 = result }
            finished.signal()
        }
        finished.wait()
        pool.stop()
        try end.withLock { $0 }.get()
    }
}
