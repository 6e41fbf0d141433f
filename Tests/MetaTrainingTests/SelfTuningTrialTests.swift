import Foundation
import Locking
import Nouns
import Optimizers
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining
@testable import Problems

@Suite("Self-tuning networks")
struct SelfTuningTrialTests {
    private func settings(rounds: Int, target: Double = 1e-6, entropy: Double = 0.001) -> SelfTuningSettings {
        var settings = SelfTuningSettings(
            [(Square.inputRange, Hyperparameter("range", .bounded(low: 0.01, high: 10), initial: 0.5, scale: 0.5))],
            batchSize: 20, rounds: rounds)
        settings.entropy = entropy
        settings.target = (.distance, target)
        settings.snapshotEvery = 50
        return settings
    }

    private func run(
        _ settings: SelfTuningSettings, seed: UInt64 = 1, resuming data: Data? = nil
    ) throws -> (results: [Metric: Double], told: ToldEvents) {
        let told = Locked(ToldEvents())
        let objective = Square(widths: [3, 3, 3]).tuned(settings.request)
        let results = try SelfTuningTrial<Double>(objective, settings).run(
            seed: seed, resuming: data, ToldEvents.context(told))
        return (results, told.withLock { $0 })
    }

    @Test func tellsTrajectories() throws {
        let (results, told) = try run(settings(rounds: 150))
        #expect(
            Set(told.points.keys) == [
                "range", "range/scale", "trainingLoss", "validationLoss", .distance, "perturbedDistance",
            ])
        #expect(told.points.values.allSatisfy { $0.count == 150 && $0.allSatisfy(\.isFinite) })
        #expect(told.firstSteps[.distance] == [0, 100])
        #expect(told.work == 150)
        let range = try #require(told.points["range"])
        #expect(abs(range[0] - 0.5) < 0.01 && range.allSatisfy { $0 > 0.01 && $0 < 10 } && Set(range).count == 150)
        let losses = try #require(told.points["trainingLoss"])
        #expect(losses.suffix(10).reduce(0, +) < losses.prefix(10).reduce(0, +))
        #expect(told.snapshots.keys.sorted() == [0, 50, 100, 150])
        let shown = try #require(told.snapshots[150])
        #expect(shown.map(\.name) == ["inputs", "function", "target"] && shown.allSatisfy { $0.shape == [1, 20] })
        let distance = zip(shown[0].doubles, shown[1].doubles).map { abs($1 - $0 * $0) }.max()
        #expect(distance == results[.distance])
        #expect(results[.distance] == told.points[.distance]?.last)
        #expect(results["bestDistance"] == told.points[.distance]?.min())
        let squares = zip(shown[0].doubles, shown[1].doubles).map { ($1 - $0 * $0) * ($1 - $0 * $0) }
        #expect(abs(results["validationLoss"]! - squares.reduce(0, +) / 20) < 1e-12)
        #expect(results["range"] == range.last)
        #expect(results["distanceBound"] == 0.0625 && results["reachedRound"] == nil)
    }

    @Test func endsAtItsTarget() throws {
        let distances = try #require(try run(settings(rounds: 150)).told.points[.distance])
        let target = distances[60...].min()! * 1.0001
        let (results, told) = try run(settings(rounds: 150, target: target))
        let reached = try #require(distances.firstIndex { $0 < target }) + 1
        #expect(results["reachedRound"] == Double(reached))
        #expect(told.points[.distance] == Array(distances.prefix(reached)))
    }

    @Test func goesOnFromACheckpointToTheSameBits() throws {
        let straight = try run(settings(rounds: 250))
        #expect(straight.told.checkpoints.map(\.step) == [100, 200])
        for checkpoint in straight.told.checkpoints {
            let (results, told) = try run(settings(rounds: 250), resuming: checkpoint.data)
            #expect(results == straight.results)
            for (metric, values) in told.points {
                #expect(values == straight.told.points[metric].map { Array($0.dropFirst(checkpoint.step)) })
            }
            #expect(told.firstSteps[.distance]?.first == checkpoint.step)
        }
        // A trial that was killed between its last checkpoint and its end has nothing left to do but tell.
        let whole = try run(settings(rounds: 200))
        let last = try #require(whole.told.checkpoints.last)
        #expect(last.step == 200)
        #expect(try run(settings(rounds: 200), resuming: last.data).results == whole.results)
        let checkpoint = straight.told.checkpoints[0]
        #expect(throws: TrialFailure.self) { try run(settings(rounds: 250), resuming: checkpoint.data.dropLast()) }
    }

    /// What entropy is rewarded for is a larger scale.
    @Test func entropyKeepsPerturbationsLarge() throws {
        let scales = try [0.0, 10].map { try run(settings(rounds: 100, entropy: $0)).told.points["range/scale"]!.last! }
        #expect(scales[1] > scales[0] + 0.1)
    }

    @Test func whatDivergesIsToldSo() throws {
        var settings = settings(rounds: 100)
        settings.weights = MetaOptimizer(GradientDescent(learningRate: 1e200))
        let (results, told) = try run(settings)
        #expect(results[.distance] == .infinity)
        #expect(TrialResults(steps: 1, seconds: 0, values: results).isDiverged)
        #expect(told.points[.distance]!.count < 100)
    }
}
