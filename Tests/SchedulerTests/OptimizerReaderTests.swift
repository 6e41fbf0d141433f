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

/// The folder `Python` computes the same updates from an exported file as the engine does: here for settings of all kinds,
/// and gradients of all sizes. Its own tests do so for trials that the program ran.
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
        #"{"kind": "mlp", "hidden": [], "outputScale": 0.1}"#,
        #"{"kind": "kernelLstm", "kernel": [2, 3], "layers": [4], "lambda": "learned", "outputScale": 0.1}"#,
        #"{"kind": "kernelLstm", "kernel": [2, 3], "layers": [4, 3], "averagingCells": 1, "outputScale": 0.1}"#,
        #"{"kind": "tensorLstm", "elements": 3, "layers": [4, 3], "lambda": 0.01, "outputScale": 0.1}"#,
    ]

    @Test(.enabled(if: Python.has("pandas"), "needs python3 with numpy and pandas"))
    func updatesAreTheEnginesWithNumPy() throws { try compare("numpy") }

    @Test(.enabled(if: Python.has("pandas, torch"), "needs python3 with numpy, pandas and torch"))
    func updatesAreTheEnginesWithPyTorch() throws { try compare("torch") }

    /// One exported optimizer, and the points to which the engine's updates lead.
    private struct Export {
        let name: String
        let file: String
        let pull: Pull
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
            library: library, files: exports.map(\.file), shapes: exports.map { $0.pull.parameters.map(\.shape.sizes) },
            parameters: exports.map(\.pull.start), gradients: exports.map(\.pull.gradients))
        let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        let output = try Python.run(["-c", Self.driver, text])
        let read = try JSONDecoder().decode([[[Double]]].self, from: output)
        #expect(read.count == exports.count)
        for (points, export) in zip(read, exports) {
            let distances = zip(points.joined(), export.points.joined()).map { abs($0 - $1) / max(1, abs($1)) }
            #expect(distances.count == export.pull.start.count * export.pull.gradients.count)
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
        let pull = Pull(ofKernels: spec.kind == "kernelLstm")
        return Export(
            name: "\(optimizer), \(Scalar.self)", file: exported.path, pull: pull,
            points: try pull.points(
                under: optimizers, weights.flatMap(\.1), steps: pull.gradients.count, as: Scalar.self),
            tolerance: tolerance)
    }

    private struct Request: Encodable {
        let library: String
        let files: [String]
        let shapes: [[[Int]]]
        let parameters: [[Double]]
        let gradients: [[[Double]]]
    }

    private static let driver = """
        import json, math, sys
        sys.path.insert(0, "\(Python.reader.path)")
        sys.dont_write_bytecode = True
        import journal
        import numpy as np
        request = json.loads(sys.argv[1])
        def steps(learned, parameters):
            if request["library"] == "numpy":
                return learned.numpy().update
            import torch
            leaves = [torch.nn.Parameter(torch.tensor(tensor)) for tensor in parameters]
            optimizer = learned.torch(leaves)
            def update(parameters, gradients):
                for leaf, gradient in zip(leaves, gradients):
                    leaf.grad = torch.tensor(gradient)
                optimizer.step()
                return [leaf.detach().numpy() for leaf in leaves]
            return update
        results = []
        for file, shapes, start, gradients in zip(*[request[name] for name in ("files", "shapes", "parameters", "gradients")]):
            learned = journal.read_optimizer(file)
            dtype = next(iter(learned.weights.values())).dtype
            def tensors(values):
                parts = np.split(np.array(values, dtype), np.cumsum([math.prod(shape) for shape in shapes])[:-1])
                return [part.reshape(shape) for part, shape in zip(parts, shapes)]
            parameters = tensors(start)
            update = steps(learned, parameters)
            results.append([])
            for gradient in gradients:
                parameters = update(parameters, tensors(gradient))
                results[-1].append([value for tensor in parameters for value in tensor.reshape(-1).tolist()])
        print(json.dumps(results))
        """
}

/// Two tensors that are pulled by the same gradients whatever they do: some large, some tiny, some always 0.
private struct Pull: Objective, DataSource {
    let parameters: [Parameter]

    init(ofKernels: Bool) {
        parameters =
            ofKernels
            ? [
                Parameter("first", [2, 3, 1, 2], .convolutionKernel),
                Parameter("second", [2, 3, 2, 1], .convolutionKernel),
            ]
            : [Parameter("first", [3]), Parameter("second", [2, 3])]
    }

    var start: [Double] { (0..<parameters.elementCount).map { [0.5, -0.25, 0, 1, 2][$0 % 5] } }
    var gradients: [[Double]] {
        (0..<12).map { step in (0..<parameters.elementCount).map { Self.gradient(Double(step), of: $0) } }
    }

    private static func gradient(_ step: Double, of index: Int) -> Double {
        guard index % 5 != 2 else { return 0 }
        let size = pow(10, Double(1 - 2 * (index % 5)))
        return size * sin(1.7 * step + 0.9 * Double(index))
    }

    var isFresh: Bool { true }
    var isLossConvex: Bool { true }
    func shapes(of batch: Batch) -> [Shape] { parameters.map(\.shape) }

    func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let pulls = zip(inputs.parameters, inputs.batch).map { ($0 * $1).sum() }
        return ObjectiveOutputs([pulls.dropFirst().reduce(pulls[0]) { $0 + $1 }])
    }

    func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { outputs[0] }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        for (tensor, values) in zip(parameters, split(start)) { tensor.set(values) }
    }

    func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        guard case .minibatch(let step) = batch else { return }
        for (tensor, values) in zip(tensors, split(gradients[min(step, gradients.count - 1)])) { tensor.set(values) }
    }

    private func split(_ values: [Double]) -> [[Double]] {
        zip(parameters, parameters.offsets).map { Array(values[$1..<$1 + $0.shape.count]) }
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
    /// The folder of the package that reads journals.
    static let reader = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Python")

    static func has(_ modules: String) -> Bool { (try? run(["-c", "import \(modules)"])) != nil }

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
