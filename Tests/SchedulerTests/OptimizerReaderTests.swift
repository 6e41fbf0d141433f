import ExperimentSpec
import Foundation
import JournalStore
import Locking
import MetaTraining
import Nouns
import Optimizers
import Problems
import Registry
import TensorEngine
import Testing

@testable import Scheduler

/// `docs/read_optimizer.py` computes the same updates from an exported file as the engine does.
@Suite struct OptimizerReaderTests {
    private let test = try! TestJournal()

    private static let optimizers = [
        #"{"kind": "lstm", "layers": [4, 3]}"#,
        #"{"kind": "lstm", "layers": [4, 3], "averagingCells": 2, "lambda": 0.01, "outputScale": 0.1}"#,
        #"{"kind": "lstm", "layers": [3], "inputs": {"kind": "logAndSign", "k": 10}, "lambda": "learned"}"#,
        #"{"kind": "lstm", "layers": [], "inputs": {"kind": "identity"}}"#,
        #"{"kind": "rnnprop", "preprocessing": 5, "layers": [4, 3]}"#,
        #"{"kind": "rnnprop", "layers": [], "beta1": 0.8, "beta2": 0.9, "outputScale": 0.2}"#,
        #"{"kind": "mlp", "hidden": [6, 5], "outputScale": 0.1, "exponentScale": 0.5}"#,
    ]

    @Test(.enabled(if: Python.has("numpy"), "needs python3 with numpy"))
    func updatesAreTheEnginesWithNumPy() throws { try compare("numpy") }

    @Test(.enabled(if: Python.has("numpy") && Python.has("torch"), "needs python3 with torch"))
    func updatesAreTheEnginesWithPyTorch() throws { try compare("torch") }

    /// One exported optimizer, and the points to which the engine's updates lead.
    private struct Export {
        let name: String
        let file: String
        let points: [[Double]]
        let tolerance: Double
    }

    /// All at once: Python takes longer to start than to compute.
    private func compare(_ library: String) throws {
        let exports = try Self.optimizers.enumerated().flatMap { index, optimizer in
            [
                try export(optimizer, "single-\(index)", within: 1e-6) { (values: [Float], name, shape) in
                    NamedTensor(name: name, shape: shape, values: values)
                },
                try export(optimizer, "double-\(index)", within: 1e-12) { (values: [Double], name, shape) in
                    NamedTensor(name: name, shape: shape, values: values)
                },
            ]
        }
        let request = Request(
            library: library, files: exports.map(\.file), parameters: Pull.start, gradients: Pull.gradients)
        let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        let output = try Python.run(["-c", Self.driver, text])
        let read = try JSONDecoder().decode([[[Double]]].self, from: output)
        #expect(read.count == exports.count)
        for (points, export) in zip(read, exports) {
            let distances = zip(points.joined(), export.points.joined()).map { abs($0 - $1) / max(1, abs($1)) }
            #expect(distances.count == Pull.start.count * Pull.gradients.count)
            #expect(distances.allSatisfy { $0 <= export.tolerance }, "\(export.name): \(distances.max() ?? .nan)")
            #expect(Set(export.points.map(\.first)).count > 1)
        }
    }

    /// An optimizer with weights drawn at random, through a journal and out of it again.
    private func export<Scalar: TensorScalar>(
        _ optimizer: String, _ name: String, within tolerance: Double,
        tensor: ([Scalar], String, [Int]) -> NamedTensor
    ) throws -> Export {
        let spec = try LearnedOptimizerSpec(optimizer, file: "test", vocabulary: .standard)
        let optimizers = Registry.standard.optimizers(spec)
        var stream = RandomStream(RandomKey(seed: 7))
        let weights = optimizers.metaParameters.map { parameter in
            (parameter, (0..<parameter.shape.count).map { _ in Scalar(0.4 * stream.normal()) })
        }
        let file = SafetensorsFile(
            metadata: ["kind": spec.kind, "configuration": optimizer, "evaluationLoss": "1"],
            tensors: weights.map { tensor($0.1, $0.0.name, $0.0.shape.sizes) })
        _ = try OptimizerImport(file.bytes, path: "\(name).safetensors", registry: .standard).record(in: test.journal)
        let exported = test.folder.appendingPathComponent("\(name).safetensors")
        try OptimizerExport(named: name, in: test.journal, registry: .standard).file.bytes.write(to: exported)
        return Export(
            name: "\(optimizer), \(Scalar.self)", file: exported.path,
            points: try Pull().points(
                under: optimizers, weights.flatMap(\.1), steps: Pull.gradients.count, as: Scalar.self),
            tolerance: tolerance)
    }

    private struct Request: Encodable {
        let library: String
        let files: [String]
        let parameters: [Double]
        let gradients: [[Double]]
    }

    private static let driver = """
        import importlib, json, sys
        sys.path.insert(0, "\(Python.readers.path)")
        sys.dont_write_bytecode = True
        from read_optimizer import LearnedOptimizer
        request = json.loads(sys.argv[1])
        library = importlib.import_module(request["library"])
        results = []
        for file in request["files"]:
            optimizer = LearnedOptimizer(file, library)
            kind = optimizer.weights["linear/weight" if "linear/weight" in optimizer.weights else "dense1/weight"].dtype
            parameters = library.asarray(request["parameters"], dtype=kind)
            results.append([])
            for gradient in request["gradients"]:
                parameters = optimizer.update(parameters, library.asarray(gradient, dtype=kind))
                results[-1].append(parameters.tolist())
        print(json.dumps(results))
        """
}

/// A point that is pulled by the same gradients whatever it does: some large, some tiny, some always 0.
private struct Pull: Objective, DataSource {
    static let start = [0.5, -0.25, 0, 1, 2]
    static let gradients = (0..<12).map { step in
        start.indices.map { index in
            index == 2 ? 0 : sin(1.7 * Double(step) + 0.9 * Double(index)) * pow(10, Double(1 - 2 * index))
        }
    }

    var parameters: [Parameter] { [Parameter("point", [Self.start.count])] }
    var isFresh: Bool { true }
    var isLossConvex: Bool { true }
    func shapes(of batch: Batch) -> [Shape] { [[Self.start.count]] }

    func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        ObjectiveOutputs([inputs.parameters[0] * inputs.batch[0]])
    }

    func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { outputs[0].sum() }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        parameters[0].set(Self.start)
    }

    func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        guard case .minibatch(let step) = batch else { return }
        tensors[0].set(Self.gradients[min(step, Self.gradients.count - 1)])
    }

    /// The point after each step, as the engine computes it.
    func points<Scalar: TensorScalar>(
        under optimizers: ParameterGroups, _ metaParameters: [Scalar], steps: Int, as: Scalar.Type
    ) throws -> [[Double]] {
        let told = Locked<[Int: [Double]]>([:])
        let trial = OptimizationTrial<Scalar>(
            family: FixedProblem(self), optimizers: optimizers, metaParameters: metaParameters, steps: steps,
            snapshotEvery: 1)
        _ = try trial.run(
            seed: 1,
            TrialContext(
                executor: SerialPieces(),
                emit: { event in
                    guard case .snapshot(let step, let tensors) = event else { return }
                    told.withLock { $0[step] = tensors.flatMap(\.doubles) }
                }, now: { 0 }))
        return told.withLock { told in (1...steps).compactMap { told[$0] } }
    }
}

/// The `python3` of this machine, if it has one.
private enum Python {
    /// The folder of the readers.
    static let readers = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs")

    static func has(_ module: String) -> Bool { (try? run(["-c", "import \(module)"])) != nil }

    struct Failure: Error {}

    static func run(_ arguments: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure() }
        return data
    }
}
