import Foundation
import Nouns
import Problems
import TensorEngine

/// Random search (Bergstra and Bengio 2012): the same network trained with fixed hyperparameters, drawn from their spaces
/// several times. The one with the lowest validation loss counts.
public struct RandomSearchTrial<Scalar: TensorScalar>: Sendable {
    private let trial: SelfTuningTrial<Scalar>
    private let spaces: [HyperparameterSpace]
    private let candidates: Int
    private let rounds: Int

    /// - Parameters:
    ///   - settings: of hyperparameters that are fixed, in spaces with ends.
    ///   - candidates: how many are tried.
    public init(_ objective: any SelfTunedObjective, _ settings: SelfTuningSettings, candidates: Int) {
        trial = SelfTuningTrial(objective, settings)
        spaces = settings.hyperparameters.map(\.value.space)
        self.candidates = candidates
        rounds = settings.rounds
    }

    /// Where it stands: a checkpoint.
    private struct State: Codable {
        var candidate = 0
        /// Results of the best one so far.
        var best: [String: Double] = [:]
        /// The checkpoint of the candidate that is trained.
        var training: Data?
    }

    /// Runs it, or goes on from a checkpoint to the same bits.
    ///
    /// It tells what ``SelfTuningTrial`` does, the rounds of one candidate after those of the other.
    ///
    /// - Returns: the results of the best candidate; its hyperparameters are among them.
    /// - Throws: as ``SelfTuningTrial``.
    public func run(seed: UInt64, resuming checkpoint: Data? = nil, _ context: TrialContext) throws -> [Metric: Double]
    {
        var state = try checkpoint.map(Self.decoded) ?? State()
        while state.candidate < candidates {
            let results = try trial.starting(at: drawn(state.candidate, seed: seed)).run(
                seed: seed, resuming: state.training, following(state, context))
            if (results["validationLoss"] ?? .infinity) < (state.best["validationLoss"] ?? .infinity)
                || state.best.isEmpty
            {
                state.best = Dictionary(uniqueKeysWithValues: results.map { ($0.key.rawValue, $0.value) })
            }
            state.training = nil
            state.candidate += 1
            context.emit(.checkpoint(try encoded(state, step: state.candidate * rounds)))
        }
        return Dictionary(uniqueKeysWithValues: state.best.map { (Metric($0.key), $0.value) })
    }

    private func drawn(_ candidate: Int, seed: UInt64) -> [Double] {
        var stream = RandomStream(RandomKey(seed: seed).derived("candidate", UInt64(candidate)))
        return spaces.map { space in
            guard let value = space.drawn(&stream) else { preconditionFailure("a space without ends") }
            return value
        }
    }

    private static func decoded(_ checkpoint: Data) throws -> State {
        guard let state = try? PropertyListDecoder().decode(State.self, from: checkpoint) else {
            throw TrialFailure("the checkpoint is none of a random search: run with --fresh to start over")
        }
        return state
    }

    private func encoded(_ state: State, step: Int) throws -> Checkpoint {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return Checkpoint(step: step, data: try encoder.encode(state))
    }

    /// What is told of one candidate, among what is told of all.
    private func following(_ state: State, _ context: TrialContext) -> TrialContext {
        let offset = state.candidate * rounds
        return TrialContext(
            executor: context.executor, isCancelled: context.isCancelled,
            emit: { event in
                switch event {
                case .points(let metric, let firstStep, let stride, let values):
                    context.emit(
                        .points(metric: metric, firstStep: firstStep + offset, stride: stride, values: values))
                case .snapshot(let step, let tensors):
                    context.emit(.snapshot(step: step + offset, tensors: tensors))
                case .checkpoint(let checkpoint):
                    var reached = state
                    reached.training = checkpoint.data
                    if let own = try? encoded(reached, step: checkpoint.step + offset) {
                        context.emit(.checkpoint(own))
                    }
                case .advanced: context.emit(event)
                }
            }, now: context.now)
    }
}
