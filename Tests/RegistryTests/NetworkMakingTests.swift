import Datasets
import ExperimentSpec
import Problems
import Registry
import TensorEngine
import Testing

/// What networks are that specs name.
@Suite struct NetworkMakingTests {
    private func family(_ fields: String, shape: [Int] = [32, 32, 3]) throws -> any ProblemFamily {
        let problem = #"{"kind": "classification", "dataset": "mnist", \#(fields)}"#
        let text = #"{"name": "test", "problem": \#(problem), "evaluation": {"optimizers": [{"kind": "sgd"}]}}"#
        let spec = try ExperimentSpec(text, file: "test.json", vocabulary: .standard).points[0].settings.problem
        let features = shape.reduce(1, *)
        let split = Split(features: features, images: (0..<2 * features).map { UInt8($0 % 251) }, labels: [0, 1])
        return Registry.standard.family(of: spec) {
            Dataset(
                name: $0.name, origin: .synthetic(seed: 1), checksum: "", classes: 2, shape: shape, training: split,
                test: split)
        }
    }

    private let key = RandomKey(seed: 5)

    private func student(_ fields: String, shape: [Int] = [32, 32, 3]) throws -> (any Classifier)? {
        (try family(fields, shape: shape).problem(key).objective as? Classification)?.student
    }

    @Test func residualStudents() throws {
        let small = try student(#""student": {"residual": {"layers": 20}}"#) as? ResidualStudent
        #expect(small?.description == "32x32x3-resnet20-2")
        #expect(small?.initialization == nil)
        let large = try student(#""student": {"residual": {"layers": 34, "pictures": "imagenet"}}"#, shape: [40, 33])
        #expect(large?.description == "40x33x1-resnet34-2")
        let drawn = try student(#""student": {"residual": {"layers": 8}}, "initialization": "glorot""#)
        #expect((drawn as? ResidualStudent)?.initialization == .glorot)
    }

    @Test func whatIsRecordedOfResidualStudents() throws {
        let family = try family(#""student": {"residual": {"layers": 20}}"#)
        #expect(family.isUniform)
        let record = family.record(key, isDrawnAgain: false).architecture
        #expect(
            record?.canonicalText
                == #"{"depth":19,"hidden":[],"layers":"32x32x3-resnet20-2","parameters":272018}"#)
    }

    @Test func cudaConvnetsWeights() throws {
        let fields = """
            "student": {
                "convolutions": [{"kernel": 5, "channels": 64}, {"kernel": 5, "channels": 64}], "hidden": [384, 192],
                "activation": "relu", "initialization": {
                    "deviations": [0.05, 0.05, 0.04, 0.04, 0.0052083333], "biases": [0, 0, 0.1, 0.1, 0]}}
            """
        let layers = zip([0.05, 0.05, 0.04, 0.04, 0.0052083333], [0, 0, 0.1, 0.1, 0]).map {
            Student.Initialization.Layer(deviation: $0, bias: $1)
        }
        #expect((try student(fields) as? ConvolutionalStudent)?.initialization == .byLayer(layers))
    }

    @Test func regressionsAndSquaredError() throws {
        let family = try family(#""student": {"hidden": []}, "loss": "squaredError""#)
        let objective = family.problem(key).objective as? Classification
        #expect(objective?.exampleLoss == .squaredError && objective?.isLossConvex == true)
        #expect(objective?.student as? Student == Student(inputs: 3072, hidden: [], classes: 2))
    }

    /// Statistics are carried through random scaling and ensembles.
    @Test func wrappersCarryStatistics() throws {
        let inner = try family(#""student": {"residual": {"layers": 8}}"#)
        let carried = inner.problem(key).objective.carried
        #expect(carried.count == 15)
        #expect(RandomScalingFamily(inner, -1...1).problem(key).objective.carried == carried)
        let ensemble = EnsembleFamily([inner, inner], weights: [1, 1]).problem(key).objective.carried
        #expect(ensemble.map(\.name) == carried.map { "1/\($0.name)" } + carried.map { "2/\($0.name)" })
    }

    /// What tuning knows nothing of is not tuned.
    @Test(arguments: [
        #""student": {"residual": {"layers": 8}}"#, #""augmentation": "cifar""#, #""standardize": "image""#,
    ])
    func notTunable(fields: String) throws {
        #expect(try family(fields).problem(key).tunable == nil)
        #expect(try family(#""loss": "squaredError""#).problem(key).tunable != nil)
    }

    @Test func picturesThatAreTooSmallAreToldInWords() throws {
        let large = try family(#""student": {"residual": {"layers": 18, "pictures": "imagenet"}}"#, shape: [28, 28])
        let message =
            "dataset: found mnist with pictures of 28 × 28; allowed: at least 32 × 32 for this residual student"
        #expect(large.misfit == message)
        #expect(RandomScalingFamily(large, -1...1).misfit == message)
        #expect(EnsembleFamily([large], weights: [1]).misfit == "problems[0].\(message)")
        #expect(large.record(key, isDrawnAgain: false).architecture == nil)
    }
}
