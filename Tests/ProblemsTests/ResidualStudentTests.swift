import TensorEngine
import TestSupport
import Testing

@testable import Problems

@Suite("Residual students agree with PyTorch")
struct ResidualStudentTests {
    private func student(
        _ layers: Int, _ pictures: ResidualArchitecture.Pictures = .cifar, size: [Int] = [8, 8, 3], classes: Int = 3,
        initialization: Student.Initialization? = nil
    ) throws -> ResidualStudent {
        ResidualStudent(
            try #require(ResidualArchitecture(layers: layers, pictures: pictures)),
            images: .channelsLast(height: size[0], width: size[1], channels: size[2]), classes: classes,
            initialization: initialization)
    }

    private let labels = [1.0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]

    /// The plan of logits, what is carried on, loss and gradient of four pictures.
    private func plan(_ student: ResidualStudent, _ mode: ObjectiveMode) -> Plan<Double> {
        let parameters = student.parameters.map(\.shape)
        let carried = student.carried.map(\.shape)
        return Plan(
            .tracing(parameters + carried + [[4, student.inputs], [4, 3]]) { inputs in
                let variables = Array(inputs[..<parameters.count])
                let objective = Classification(student)
                let batch = Array(inputs.suffix(2))
                let result = objective.evaluate(
                    ObjectiveInputs(
                        variables, carried: Array(inputs[parameters.count...].prefix(carried.count)), batch: batch,
                        mode: mode))
                let loss = objective.loss(result.outputs, batch: batch)
                return result.outputs + result.carried
                    + (mode == .training ? [loss] + gradient(of: loss, withRespectTo: variables) : [])
            })
    }

    private func images(_ student: ResidualStudent, _ step: Int) -> [Double] {
        figureNoise(4 * student.inputs, salt: UInt64(1000 + step))
    }

    private func check(_ student: ResidualStudent, _ name: String) throws {
        let figures = try ReferenceFigures("residual", in: .module)[name]
        let parameters = student.figureParameters
        let (training, evaluation) = (plan(student, .training), plan(student, .evaluation))
        var carried = student.carried.map { [Double](repeating: $0.initial, count: $0.shape.count) }
        let first = training(parameters + carried + [images(student, 0), labels])
        #expect(largestError(first[0], figures["logits"].numbers) < 1e-9)
        let gradients = first[(carried.count + 2)...].enumerated().map { figureSummary($1, index: $0) }
        #expect(largestError(gradients, figures["gradients"].items.map(\.numbers)) < 1e-9)

        func evaluated() -> [[Double]] { evaluation(parameters + carried + [images(student, 0), labels]) }
        #expect(largestError(evaluated()[0], figures["untrainedLogits"].numbers) < 1e-9)
        for step in 0..<3 {
            carried = Array(
                training(parameters + carried + [images(student, step), labels])[1...].prefix(carried.count))
        }
        let averages = carried[1...].enumerated().map { figureSummary($1, index: $0) }
        #expect(abs(carried[0][0] - figures["carried"].items[0].number) < 1e-15)
        #expect(largestError(averages, figures["carried"].items.dropFirst().map(\.numbers)) < 1e-9)
        let last = evaluated()
        #expect(largestError(last[0], figures["evaluationLogits"].numbers) < 1e-9)
        // An evaluation carries on what there is.
        #expect(Array(last[1...]) == carried)
    }

    @Test func ofSmallPictures() throws { try check(student(8), "cifar") }

    /// Sizes at which pooling pads one side alone.
    @Test func ofLargePictures() throws { try check(student(18, .imagenet, size: [32, 40, 3]), "imagenet") }

    /// Some derivatives of each parameter, where a nudge moves no ReLU across its corner.
    @Test func gradientsAgreeWithDifferences() throws {
        let student = try student(8, size: [5, 6, 1])
        let plan = plan(student, .training)
        let parameters = student.figureParameters
        let carried = student.carried.map { [Double](repeating: 0, count: $0.shape.count) }
        let rest = carried + [images(student, 0), labels]
        let found = plan(parameters + rest)
        let lossIndex = 1 + carried.count
        for (index, values) in parameters.enumerated() {
            for element in [0, values.count / 2, values.count - 1] {
                func loss(_ move: Double) -> Double {
                    var moved = parameters
                    moved[index][element] += move
                    return plan(moved + rest)[lossIndex][0]
                }
                let difference = (loss(1e-6) - loss(-1e-6)) / 2e-6
                #expect(abs(found[lossIndex + 1 + index][element] - difference) < 1e-6)
            }
        }
    }

    /// Counted by another program; the large ones are also torchvision's counts (11,689,512 and 21,797,672) with a
    /// projection in the first stage (4,096) and without normalizations of the shortcuts (1,792).
    @Test func parameterCounts() throws {
        let counts = try ReferenceFigures("residual", in: .module)["parameterCounts"]
        for pair in counts["cifar"].items.map(\.numbers) {
            let student = try student(Int(pair[0]), size: [32, 32, 3], classes: 10)
            #expect(student.parameters.elementCount == Int(pair[1]))
        }
        for pair in counts["imagenet"].items.map(\.numbers) {
            let student = try student(Int(pair[0]), .imagenet, size: [224, 224, 3], classes: 1000)
            #expect(student.parameters.elementCount == Int(pair[1]))
        }
        #expect(try student(20, size: [32, 32, 3], classes: 10).parameters.elementCount == 272_538)
        #expect(try student(18, .imagenet, classes: 1000).parameters.elementCount == 11_689_512 + 4096 - 1792)
    }

    @Test func namesAndKinds() throws {
        let student = try student(8)
        let byName = Dictionary(uniqueKeysWithValues: student.parameters.map { ($0.name, $0) })
        #expect(byName.count == student.parameters.count)
        #expect(byName["conv1/kernel"]?.shape == [3, 3, 3, 16])
        #expect(byName["stage2/block1/projection/kernel"]?.shape == [1, 1, 16, 32])
        #expect(byName["stage2/block1/conv1/kernel"]?.kind == .convolutionKernel)
        #expect(byName["stage2/block1/normalization1/scale"]?.kind == .normalizationScale)
        #expect(byName["normalization/offset"]?.kind == .normalizationOffset)
        #expect(byName["dense1/weight"]?.shape == [65, 3] && byName["dense1/weight"]?.endsInBias == true)
        #expect(student.description == "8x8x3-resnet8-3")
        #expect(
            student.carried.map(\.name).prefix(2) == ["normalizations/weight", "stage1/block1/normalization1/mean"])
    }

    @Test func onlySomeNumbersOfLayers() {
        #expect((1...32).filter { ResidualArchitecture(layers: $0) != nil } == [8, 14, 20, 26, 32])
        #expect((1...60).filter { ResidualArchitecture(layers: $0, pictures: .imagenet) != nil } == [18, 34])
        #expect(ResidualArchitecture.nearest(to: 21, .cifar) == [20, 26])
        #expect(ResidualArchitecture.nearest(to: 25, .cifar) == [20, 26])
        #expect(ResidualArchitecture.nearest(to: 3, .cifar) == [8])
    }

    /// Truncated at two deviations, a normal distribution has a variance of 0.7737; the dense layer's is uniform.
    @Test func initialWeights() throws {
        let student = try student(8, classes: 10)
        let weights = Classification(student).initialParameters(RandomKey(seed: 3))
        for (parameter, values) in zip(student.parameters, weights) {
            switch parameter.kind {
            case .normalizationScale: #expect(values.allSatisfy { $0 == 1 })
            case .normalizationOffset: #expect(values.allSatisfy { $0 == 0 })
            case .denseKernel:
                let limit = (6.0 / 74).squareRoot()
                #expect(values.prefix(640).allSatisfy { abs($0) <= limit } && values.suffix(10).allSatisfy { $0 == 0 })
                #expect(values.map(abs).max()! > 0.98 * limit)
            default:
                let fanIn = Double(parameter.shape.sizes.dropLast().reduce(1, *))
                let relative = values.map { $0 * fanIn.squareRoot() }
                #expect(relative.allSatisfy { abs($0) <= 2 })
                let variance = relative.reduce(0) { $0 + $1 * $1 } / Double(values.count)
                // Four deviations of such a mean of squares.
                #expect(abs(variance - 0.7737) < 4 * (0.87 / Double(values.count)).squareRoot())
            }
        }
        #expect(Set(weights.flatMap { $0.prefix(1) }).count > 8)
    }

    @Test func initialWeightsAsTold() throws {
        let count = try student(8).weightLayerCount
        #expect(count == 8 + 3)
        let layers = (0..<count).map { Student.Initialization.Layer(deviation: Double($0), bias: 0.5) }
        let student = try student(8, initialization: .byLayer(layers))
        let weights = Classification(student).initialParameters(RandomKey(seed: 3))
        #expect(weights[0].allSatisfy { $0 == 0 })
        #expect(weights.last?.suffix(3) == [0.5, 0.5, 0.5])
        let dense = try #require(weights.last)
        let variance = dense.prefix(192).reduce(0) { $0 + $1 * $1 } / 192
        #expect(abs(variance.squareRoot() - 10) < 2)
    }
}
