import Datasets
import Foundation
import Locking
import Nouns
import Optimizers
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining
@testable import Problems

/// Pictures of two kinds, light ones and dark ones, of 4 × 4 pixels.
private func pictures(channels: Int, examples: Int = 60) -> Dataset {
    let features = 16 * channels
    func split(_ count: Int, seed: UInt64) -> Split {
        var stream = RandomStream(RandomKey(seed: seed))
        let labels = (0..<count).map { UInt8($0 % 2) }
        let images = labels.flatMap { label in
            (0..<features).map { _ in UInt8(stream.index(below: 150)) + (label == 1 ? 100 : 0) }
        }
        return Split(features: features, images: images, labels: labels)
    }
    return Dataset(
        name: "pictures", origin: .synthetic(seed: 1), checksum: "", classes: 2,
        shape: channels == 1 ? [4, 4] : [4, 4, channels], training: split(examples, seed: 1), test: split(30, seed: 2))
}

private func student(channels: Int = 1, isConvolutional: Bool, normalized: Bool = false) -> ConvolutionalStudent {
    let normalization: ConvolutionalStudent.BatchNormalization? = normalized ? .init(isScaled: true) : nil
    return ConvolutionalStudent(
        images: .channelsLast(height: 4, width: 4, channels: channels),
        convolutions: isConvolutional
            ? [.init(size: 3, channels: 2, normalization: normalization, activation: .tanh, pooling: 2)] : [],
        hidden: [.init(units: 5, normalization: normalization, activation: .tanh)], classes: 2,
        initialization: .glorot)
}

private func hyperparameter(
    _ kind: StudentHyperparameter, _ space: HyperparameterSpace, initial: Double, scale: Double = 0.5, layer: Int? = nil
) -> (tunable: TunableHyperparameter, value: Hyperparameter) {
    (
        kind.tunable(hiddenLayers: 2),
        Hyperparameter("\(kind)\(layer.map(String.init) ?? "")", space, initial: initial, scale: scale, layer: layer)
    )
}

private let share = HyperparameterSpace.bounded(low: 0, high: 0.9)

@Suite("Self-tuned students")
struct SelfTunedStudentTests {
    private func tunable(
        channels: Int = 1, isConvolutional: Bool = false, normalized: Bool = false
    ) -> TunableStudent {
        TunableStudent(
            { student(channels: channels, isConvolutional: isConvolutional, normalized: normalized) },
            pictures(channels: channels), .crossEntropy, key: RandomKey(seed: 4))
    }

    /// Loss and gradient of a part at random weights, where one weight may be nudged.
    private func evaluate(
        _ objective: any SelfTunedObjective, _ settings: SelfTuningSettings, _ level: TuningLevel,
        _ part: TuningPlans<Double>.Part, nudging nudged: (buffer: Int, index: Int, by: Double)? = nil
    ) -> (loss: Double, gradient: [Double]) {
        let key = RandomKey(seed: 9)
        var stream = RandomStream(key)
        let count = settings.hyperparameters.count
        func drawn(_ count: Int, deviation: Double) -> ElementBuffer<Double> {
            let buffer = ElementBuffer<Double>(count: count)
            TensorElements(buffer).fillNormal(&stream, deviation: deviation)
            return buffer
        }
        let buffers = [
            drawn(objective.parameters.elementCount, deviation: 0.5), drawn(count, deviation: 1),
            drawn(count, deviation: 0.5), drawn(count * settings.batchSize, deviation: 1),
            ElementBuffer(count: count * settings.batchSize),
        ]
        if let nudged { buffers[nudged.buffer].start[nudged.index] += nudged.by }
        let batch = TuningBatch.level(level, step: 3)
        let tensors = objective.shapes(of: batch).map { ElementBuffer<Double>(count: $0.count) }
        let natural = ElementBuffer([Double](repeating: 0.3, count: count * settings.batchSize))
        objective.fill(tensors.map(TensorElements.init), batch, natural: TensorElements(natural), key: key)
        let memory = part.plan.makeMemory()
        memory.bind(part.weights, to: buffers[0].start)
        for (slot, buffer) in zip([part.center, part.scales, part.perturbation, part.origin], buffers[1...]) {
            memory.bind(slot, to: buffer.start)
        }
        for (slot, tensor) in zip(part.batch, tensors) { memory.bind(slot, to: tensor.start) }
        let (loss, gradient) = (ElementBuffer<Double>(count: 1), ElementBuffer<Double>(count: part.gradient.count))
        memory.bind(part.results[0], to: loss.start)
        memory.bind(part.gradient, to: gradient.start)
        withExtendedLifetime(buffers + tensors) { part.plan.run(memory) }
        return (loss.start[0], gradient.elements)
    }

    /// Of every form of response and student, by weights, hyperparameters and scales.
    @Test(arguments: [HyperResponse.scalar, .perUnit], [false, true])
    func derivativesAgreeWithCentralDifferences(response: HyperResponse, isConvolutional: Bool) throws {
        for (isCentred, normalized) in [(false, false), (true, true)] {
            var settings = SelfTuningSettings(
                [
                    hyperparameter(.dropout, share, initial: 0.2),
                    hyperparameter(.weightDecay, .logBounded(low: 1e-4, high: 1), initial: 0.1),
                ], response: response, batchSize: 7)
            settings.isCentred = isCentred
            if isCentred { settings.linearizedResponse = settings.weights }
            let objective = tunable(isConvolutional: isConvolutional, normalized: normalized).tuned(settings.request)
            let plans = TuningPlans<Double>(objective, settings)
            let weights = Array(0..<objective.parameters.elementCount)
            var parts: [(TuningPlans<Double>.Part, TuningLevel, buffer: Int, places: [Int])] = [
                (plans.weights, .training, 0, weights), (try #require(plans.scales), .validation, 2, [0, 1]),
            ]
            // Weights that are those at the hyperparameters move with them, so that no difference shows the derivative.
            if !isCentred { parts.append((try #require(plans.center), .validation, 1, [0, 1])) }
            if let response = plans.response { parts.append((response, .training, 0, weights)) }
            for (part, level, buffer, places) in parts {
                let gradient = evaluate(objective, settings, level, part).gradient
                #expect(gradient.count == places.count)
                for (index, place) in zip(gradient.indices, places) where index % 5 == 0 || index < 2 {
                    let losses = [1e-5, -1e-5].map {
                        evaluate(objective, settings, level, part, nudging: (buffer, place, $0)).loss
                    }
                    #expect(abs(gradient[index] - (losses[0] - losses[1]) / 2e-5) < 1e-6)
                }
            }
        }
    }

    /// With weights of an example's own, which an ordinary layer then has.
    @Test(arguments: [HyperResponse.scalar, .perUnit], [3, 70])
    func layersHaveTheWeightsThatTheySay(response: HyperResponse, inputs: Int) {
        let dense = HyperDense("d", inputs: inputs, outputs: 4, hyperparameters: 2, response: response)
        let convolution = HyperConvolution(
            "c", size: 3, channels: inputs, filters: 4, stride: 2, hyperparameters: 2, response: response)
        for (weights, isDense) in [(dense.weights, true), (convolution.weights, false)] {
            let examples = 3
            let values: Shape = isDense ? [inputs, examples] : [examples, 5, 5, inputs]
            let plan = Plan<Double>(
                .tracing([values, [2, examples]] + weights.parameters.map(\.shape)) { tensors in
                    let (values, unconstrained, own) = (tensors[0], tensors[1], Array(tensors[2...]))
                    let joined =
                        isDense
                        ? [Tensor.concatenating(own[..<2] + own[2..<4].map { $0.reshaped([1, 4]) })] + own[4...]
                        : own
                    let all =
                        isDense
                        ? dense(values, unconstrained, joined[...]) : convolution(values, unconstrained, own[...])
                    let single = (0..<examples).map { example in
                        let u = unconstrained.sliced(example..<example + 1, axis: 1)
                        // Coefficients of the units, along the kernel's last dimension.
                        let (kernelFactor, biasFactor) = (
                            own[4].transposed().matrixProduct(u).reshaped([own[4].shape[1]]),
                            own[5].transposed().matrixProduct(u).reshaped([own[5].shape[1]])
                        )
                        let kernel = own[0] + own[1] * kernelFactor
                        let bias = own[2] + own[3] * biasFactor
                        if isDense {
                            let column = values.sliced(example..<example + 1, axis: 1)
                            return kernel.transposed().matrixProduct(column) + bias.reshaped([4, 1])
                        }
                        return values.sliced(example..<example + 1).convolution(kernel, strides: [2, 2]) + bias
                    }
                    let norms = (0..<examples).map { example in
                        let u = unconstrained.sliced(example..<example + 1, axis: 1)
                        let factor = own[4].transposed().matrixProduct(u).reshaped([own[4].shape[1]])
                        return (own[0] + own[1] * factor).squared().sum().reshaped([1, 1])
                    }
                    return [
                        all, Tensor.concatenating(single, axis: isDense ? 1 : 0),
                        weights.squaredNorm(unconstrained, joined[...]), Tensor.concatenating(norms, axis: 1),
                    ]
                })
            var stream = RandomStream(RandomKey(seed: 2))
            let found = plan(plan.inputShapes.map { shape in (0..<shape!.count).map { _ in stream.normal() } })
            #expect(largestError(found[0], found[1]) < 1e-11)
            #expect(largestError(found[2], found[3]) < 1e-9)
        }
    }

    /// The training loss of linear predictions is, up to second order, that of the network; and none of the weights.
    @Test func linearizedPredictionsAreThoseOfSmallPerturbations() throws {
        var settings = SelfTuningSettings([hyperparameter(.inputNoise, .positive, initial: 0.2)], batchSize: 6)
        settings.isCentred = true
        let together = settings
        settings.linearizedResponse = settings.weights
        let objective = tunable(isConvolutional: true).tuned(settings.request)
        let linear = try #require(TuningPlans<Double>(objective, settings).response)
        let whole = TuningPlans<Double>(objective, together).weights
        func gap(scale: Double) -> Double {
            func loss(_ part: TuningPlans<Double>.Part) -> Double {
                evaluate(objective, settings, .training, part, nudging: (2, 0, scale)).loss
            }
            return abs(loss(linear) - loss(whole))
        }
        // softplus(s) is about exp(s) far below 0: each step of -log 10 makes perturbations a tenth.
        let (near, nearer) = (gap(scale: -8), gap(scale: -8 - 2.302585))
        #expect(near > 1e-12 && nearer < near / 50)
    }

    @Test func examplesAreHeldOut() {
        let dataset = pictures(channels: 1, examples: 60)
        func divided(_ counts: HeldOutCounts, seed: UInt64 = 1) -> HeldOutExamples {
            HeldOutExamples(dataset, counts, key: RandomKey(seed: seed))
        }
        let usual = divided(HeldOutCounts())
        #expect(usual.training.count == 48 && usual.validation.count == 12)
        #expect(Set(usual.training + usual.validation).count == 60)
        let few = divided(HeldOutCounts(training: 20))
        #expect(few.training.count == 20 && few.validation.count == 5)
        #expect(divided(HeldOutCounts(training: 20)).training == few.training)
        #expect(divided(HeldOutCounts(training: 20), seed: 2).training != few.training)
        #expect(HeldOutCounts(training: 50, validation: 11).resolved(of: 60) == nil)
        #expect(HeldOutCounts(validation: 60).resolved(of: 60) == nil)
    }

    /// What hyperparameters do to a training batch; a validation batch knows nothing of them.
    @Test func batchesFollowHyperparameters() {
        let kinds: [(tunable: TunableHyperparameter, value: Hyperparameter)] = [
            hyperparameter(.dropout, share, initial: 0.5, layer: 2),
            hyperparameter(.dropout, share, initial: 0.5, layer: 0),
            hyperparameter(.inputNoise, .positive, initial: 1), hyperparameter(.labelSmoothing, share, initial: 0.1),
            hyperparameter(.augmentation, share, initial: 0.1),
        ]
        let batchSize = 400
        let settings = SelfTuningSettings(kinds, batchSize: batchSize)
        let objective = tunable(channels: 3, isConvolutional: true).tuned(settings.request)
        #expect(objective.shapes(of: .level(.validation, step: 0)) == [[400, 48], [400, 2]])
        #expect(objective.shapes(of: .level(.training, step: 0)) == [[400, 48], [400, 2], [5, 400]])
        func batch(_ level: TuningLevel, _ values: [Double]) -> [[Double]] {
            let tensors = objective.shapes(of: .level(level, step: 1)).map { ElementBuffer<Double>(count: $0.count) }
            let natural = ElementBuffer(values.flatMap { [Double](repeating: $0, count: batchSize) })
            objective.fill(
                tensors.map(TensorElements.init), .level(level, step: 1), natural: TensorElements(natural),
                key: RandomKey(seed: 1))
            return tensors.map(\.elements)
        }
        let plain = batch(.training, [0, 0, 0, 0, 0])
        #expect(plain[2].allSatisfy { $0 == 1 } && plain[1].reduce(0, +) == 400)
        #expect(batch(.validation, [0.5, 0.5, 1, 0.1, 1]) == batch(.validation, [0, 0, 0, 0, 0]))

        let masks = batch(.training, [0.75, 0, 0, 0, 0])
        #expect(masks[0] == plain[0] && Set(masks[2]) == [0, 4])
        let mean: Double = masks[2].reduce(0, +) / 2000
        #expect(abs(mean - 1) < 0.15)
        let sparse = batch(.training, [0, 0.5, 0, 0, 0])[0]
        #expect(zip(sparse, plain[0]).allSatisfy { $0 == 0 || $0 == 2 * $1 })
        let left = Double(sparse.count { $0 == 0 }) / Double(sparse.count)
        #expect(abs(left - 0.5) < 0.02)
        let noise = zip(batch(.training, [0, 0, 0.25, 0, 0])[0], plain[0]).map { $0 - $1 }
        let variance = noise.map { $0 * $0 }.reduce(0, +) / Double(noise.count)
        #expect(abs(variance.squareRoot() - 0.25) < 0.01)
        let smooth = batch(.training, [0, 0, 0, 0.2, 0])[1]
        #expect(smooth.allSatisfy { abs($0 - 0.1) < 1e-12 || abs($0 - 0.9) < 1e-12 })
        let augmented = batch(.training, [0, 0, 0, 0, 1])[0]
        #expect(augmented != plain[0] && augmented.reduce(0, +) < plain[0].reduce(0, +))
    }

    /// Shifts show what is there, and mirroring twice gives the picture back.
    @Test func augmentationMovesPixels() {
        let augmentation = Augmentation([3, 3, 2])
        let picture = (1...18).map(Double.init)
        var stream = RandomStream(RandomKey(seed: 3))
        var mirrored = 0
        for _ in 0..<200 {
            let changed = ElementBuffer(picture)
            augmentation.apply(to: changed.start, strength: 0.4, &stream)
            let found = changed.elements
            #expect(found.allSatisfy { $0 == 0 || picture.contains($0) })
            // Channels stay beside each other.
            for pixel in stride(from: 0, to: 18, by: 2) where found[pixel] != 0 {
                #expect(found[pixel + 1] == found[pixel] + 1)
            }
            let (centre, right) = (found[8], found[10])
            if centre != 0, right != 0, right < centre { mirrored += 1 }
        }
        #expect(mirrored > 10 && mirrored < 80)
        let same = ElementBuffer(picture)
        for _ in 0..<50 { augmentation.apply(to: same.start, strength: 0, &stream) }
        #expect(same.elements == picture)
    }

    private func run(
        _ settings: SelfTuningSettings, candidates: Int? = nil, resuming data: Data? = nil
    ) throws -> (results: [Metric: Double], told: ToldEvents) {
        let told = Locked(ToldEvents())
        let objective = tunable().tuned(settings.request)
        let context = ToldEvents.context(told)
        let results =
            try candidates.map {
                try RandomSearchTrial<Float>(objective, settings, candidates: $0).run(
                    seed: 1, resuming: data, context)
            } ?? SelfTuningTrial<Float>(objective, settings).run(seed: 1, resuming: data, context)
        return (results, told.withLock { $0 })
    }

    @Test func studentsLearnAndGoOnFromACheckpoint() throws {
        for isLinearized in [false, true] {
            var settings = SelfTuningSettings(
                [hyperparameter(.dropout, share, initial: 0.1)], response: .perUnit, batchSize: 16, rounds: 150)
            settings.isCentred = isLinearized
            if isLinearized { settings.linearizedResponse = settings.weights }
            let (results, told) = try run(settings)
            #expect(
                Set(results.keys) == [
                    "validationLoss", "validationAccuracy", "testLoss", "accuracy", "trainingLoss", "dropout",
                ])
            #expect(try #require(results[.accuracy]) > 0.9)
            #expect(results["dropout"] == told.points["dropout"]?.last)
            #expect(try run(settings, resuming: told.checkpoints[0].data).results == results)
        }
    }

    /// Fixed hyperparameters have no scale, no response, and one value.
    @Test func fixedHyperparametersStayAsTheyAre() throws {
        var settings = SelfTuningSettings(
            [hyperparameter(.dropout, share, initial: 0)], response: nil, batchSize: 16, rounds: 20)
        let (results, told) = try run(settings)
        #expect(Set(told.points.keys) == ["dropout", "trainingLoss"])
        #expect(told.points["dropout"] == [Double](repeating: 0, count: 20))
        #expect(results["dropout"] == 0)
        settings.hyperparameters[0].value.initial = 0.5
        #expect(try run(settings).results["trainingLoss"] != results["trainingLoss"])
    }

    @Test func randomSearchKeepsTheBestAndGoesOnFromACheckpoint() throws {
        let settings = SelfTuningSettings(
            [hyperparameter(.dropout, share, initial: 0.1)], response: nil, batchSize: 16, rounds: 110)
        let (results, told) = try run(settings, candidates: 3)
        #expect(told.points["dropout"]?.count == 330 && told.work == 330)
        let tried = stride(from: 0, to: 330, by: 110).map { told.points["dropout"]![$0] }
        #expect(Set(tried).count == 3 && tried.contains(results["dropout"]!))
        let single = try tried.map { value in
            var fixed = settings
            fixed.hyperparameters[0].value.initial = value
            return try run(fixed).results["validationLoss"]!
        }
        #expect(abs(results["validationLoss"]! - single.min()!) < 1e-5)
        #expect(told.checkpoints.map(\.step) == [100, 110, 210, 220, 320, 330])
        for checkpoint in told.checkpoints {
            #expect(try run(settings, candidates: 3, resuming: checkpoint.data).results == results)
        }
        #expect(throws: TrialFailure.self) { try run(settings, candidates: 3, resuming: Data([1, 2, 3])) }
    }
}
