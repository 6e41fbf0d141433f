import Datasets
import ExperimentSpec
import Nouns
import Problems
import Registry
import TensorEngine
import Testing

/// What the problems are that specs name.
@Suite struct ProblemMakingTests {
    private func spec(_ fields: String) throws -> ProblemSpec {
        let text = #"{"name": "test", "problem": {\#(fields)}, "evaluation": {"optimizers": [{"kind": "sgd"}]}}"#
        return try ExperimentSpec(text, file: "test.json", vocabulary: .standard).points[0].settings.problem
    }

    private func family(_ fields: String) throws -> any ProblemFamily {
        Registry.standard.family(of: try spec(fields)) { Self.pictures($0.name) }
    }

    /// Two pictures of 32 × 32 in colour, of two classes.
    private static func pictures(_ name: String) -> Dataset {
        let shape = [32, 32, 3]
        let split = Split(features: 3072, images: (0..<6144).map { UInt8($0 % 251) }, labels: [0, 1])
        return Dataset(
            name: name, origin: .synthetic(seed: 1), checksum: name, classes: 2, shape: shape, training: split,
            test: split)
    }

    private let key = RandomKey(seed: 5)

    @Test func cifarIsANetworkSpelledOut() throws {
        #expect(
            Registry.standard.datasets(of: try spec(#""kind": "cifar", "classes": [3, 1]"#))
                == Registry.standard.datasets(
                    of: try spec(#""kind": "classification", "dataset": {"name": "cifar-10", "classes": [3, 1]}"#)))
        let cifar = try family(#""kind": "cifar""#).problem(key).objective as? Classification
        let spelledOut =
            try family(
                """
                "kind": "classification", "dataset": "cifar-10", "student": {
                    "convolutions": [
                        {"kernel": 5, "channels": 16, "batchNormalization": true, "pooling": 2},
                        {"kernel": 5, "channels": 16, "batchNormalization": true, "pooling": 2},
                        {"kernel": 5, "channels": 16, "batchNormalization": true, "pooling": 2}],
                    "hidden": [32], "batchNormalization": true, "activation": "relu"}
                """
            ).problem(key).objective as? Classification
        let student = try #require(cifar?.student as? ConvolutionalStudent)
        #expect(student == spelledOut?.student as? ConvolutionalStudent)
        #expect(student.convolutions.map(\.normalization?.isScaled) == [false, false, false])
    }

    @Test func studentsAreAsTheirSettingsSay() throws {
        func student(_ settings: String) throws -> (any Classifier)? {
            let problem = try family(#""kind": "classification", "dataset": "mnist", "student": {\#(settings)}"#)
            return (problem.problem(key).objective as? Classification)?.student
        }
        let dense = try student(#""hidden": [7, 3], "activation": "tanh", "initialization": "glorot""#) as? Student
        #expect(
            dense
                == Student(inputs: 3072, hidden: [7, 3], classes: 2, activation: .tanh, initialization: .glorot))
        let convolutional =
            try student(
                #""convolutions": [{"kernel": 3, "channels": 4, "stride": 2, "pooling": 2}], "activation": "elu""#)
            as? ConvolutionalStudent
        #expect(convolutional?.hidden == [])
        #expect(
            convolutional?.convolutions
                == [.init(size: 3, channels: 4, stride: 2, normalization: nil, activation: .elu, pooling: 2)])
    }

    /// A trial that draws one student tells of it; one that draws others again and again, of all datasets.
    @Test func whatIsDrawnIsRecorded() throws {
        let random = #""student": {"random": {"layers": [1, 3], "units": [2, 9]}}"#
        let drawn = try family(#""kind": "classification", "dataset": ["mnist", "cifar-10"], \#(random)"#)
        let record = drawn.record(key, isDrawnAgain: false)
        let network = try #require(record.architecture)
        #expect(network["dataset"]?.string == record.datasets.map(\.name).joined())
        let hidden = (network["hidden"]?.array ?? []).compactMap(\.integer)
        #expect(network["layers"]?.string == ([3072] + hidden + [2]).map(String.init).joined(separator: "-"))
        let again = drawn.record(key, isDrawnAgain: true)
        #expect(again.datasets.map(\.name) == ["mnist", "cifar-10"] && again.architecture == nil)

        let fixed = try family(#""kind": "classification", "dataset": "mnist", "student": {"hidden": [2]}"#)
        let ofFixed = fixed.record(key, isDrawnAgain: true)
        #expect(ofFixed.architecture?["layers"] == "3072-2-2" && ofFixed.architecture?["dataset"] == nil)
    }

    @Test func ensemblesAreMadeOfTheirParts() throws {
        let parts = #"{"kind": "simple-multi", "dimensions": 3}, {"kind": "classification", "dataset": "mnist"}"#
        let ensemble = try family(#""kind": "ensemble", "problems": [\#(parts)], "weights": [1, 0.5]"#)
        let problem = ensemble.problem(key)
        #expect((problem.objective as? Ensemble)?.weights == [1, 0.5])
        #expect(problem.parameters.map(\.name).prefix(3) == ["1/x_0", "1/x_1", "1/x_2"])
        let record = ensemble.record(key, isDrawnAgain: false)
        #expect(record.datasets.map(\.name) == ["mnist"])
        #expect(record.architecture?.array?.map { $0 == .null } == [true, false])
    }

    @Test func functionsHaveTheirSettings() throws {
        let lasso =
            try family(
                #""kind": "lasso", "dimensions": 4, "observations": 3, "regularization": 0.5, "sparsity": 0.25"#
            ).problem(key).objective as? Lasso
        #expect(lasso.map { [$0.dimensions, $0.observations, $0.batchSize] } == [4, 3, 128])
        #expect(lasso.map { [$0.regularization, $0.sparsity] } == [0.5, 0.25])
        #expect((try family(#""kind": "rastrigin", "alpha": 2"#).problem(key).objective as? Rastrigin)?.alpha == 2)
        #expect(
            (try family(#""kind": "quadratic", "batchSize": 3"#).problem(key).objective as? Quadratic)?.batchSize == 3)
        #expect((try family(#""kind": "simple-multi""#).problem(key).objective as? SimpleMulti)?.dimensions == 2)
        #expect(try family(#""kind": "simple""#).problem(key).objective is Simple)
    }
}
