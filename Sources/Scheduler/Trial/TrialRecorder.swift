import ExperimentSpec
import Foundation
import JournalStore
import Locking
import MetaTraining
import Nouns
import Registry
import TrialKinds

/// Passes what one trial tells on to the journal and to whoever watches.
///
/// Checkpoints are written no more often than every few seconds: those of short epochs would cost more than the
/// training. What comes after one that is held back is held back with it, since a journal's checkpoint means that all
/// told before it belongs to it, and all after it comes again.
final class TrialRecorder: Sendable {
    private struct State {
        var heldCheckpoint: Checkpoint?
        var heldEvents: [TrialEvent] = []
        var lastCheckpointAt: Double
        var doneWork = 0.0
    }

    private static let secondsBetweenCheckpoints = 2.0

    private let trial: TrialDescription
    private let work: TrialWork
    private let id: Int64
    private let writer: JournalWriter
    private let meter: ProgressMeter
    private let now: @Sendable () -> Double
    private let startedAt: Double
    private let earlierSeconds: Double
    private let state: Locked<State>

    /// - Parameters:
    ///   - earlierSeconds: how long it took to come to the checkpoint that the trial goes on from.
    ///   - earlierWork: the part of the trial's work that was done then.
    init(
        _ trial: TrialDescription, _ work: TrialWork, id: Int64, writer: JournalWriter, meter: ProgressMeter,
        earlierSeconds: Double, earlierWork: Double, now: @escaping @Sendable () -> Double
    ) {
        self.trial = trial
        self.work = work
        self.id = id
        self.writer = writer
        self.meter = meter
        self.now = now
        self.earlierSeconds = earlierSeconds
        startedAt = now()
        state = Locked(State(lastCheckpointAt: startedAt, doneWork: earlierWork))
    }

    /// Seconds that the trial has taken, those before its checkpoint included.
    var seconds: Double { earlierSeconds + now() - startedAt }

    func record(_ event: TrialEvent) {
        state.withLock { state in
            switch event {
            case .advanced(let steps):
                state.doneWork += steps
                meter.advance(by: steps)
            case .checkpoint(let checkpoint):
                take(checkpoint.timed(seconds: seconds), &state)
            case .points, .snapshot:
                if state.heldCheckpoint == nil { write(event) } else { state.heldEvents.append(event) }
            }
        }
    }

    /// Writes the checkpoint that is held back, if one is: the trial stops here.
    func stop() {
        state.withLock { state in
            guard let checkpoint = state.heldCheckpoint else { return }
            writer.checkpoint(id, checkpoint)
            state.heldCheckpoint = nil
            state.heldEvents = []
        }
    }

    /// Writes all that is held back but the checkpoint: the trial has come to its end.
    func finish() {
        state.withLock { state in
            releaseEvents(&state)
            meter.advance(by: work.total - state.doneWork)
        }
    }

    private func take(_ checkpoint: Checkpoint, _ state: inout State) {
        releaseEvents(&state)
        let time = now()
        if time - state.lastCheckpointAt >= Self.secondsBetweenCheckpoints {
            writer.checkpoint(id, checkpoint)
            state.lastCheckpointAt = time
        } else {
            state.heldCheckpoint = checkpoint
        }
    }

    private func releaseEvents(_ state: inout State) {
        for event in state.heldEvents { write(event) }
        state.heldEvents = []
        state.heldCheckpoint = nil
    }

    private func write(_ event: TrialEvent) {
        switch event {
        case .points(let metric, let firstStep, let stride, let values):
            if metric == .loss, trial.precision == .single {
                // Their shortest text is half as long, and as exact.
                writer.points(id, metric, firstStep: firstStep, stride: stride, values.map { Float($0) })
            } else {
                writer.points(id, metric, firstStep: firstStep, stride: stride, values)
            }
            tell(metric, values.last)
        case .snapshot(let step, let tensors):
            writer.snapshot(id, step: step, tensors)
        case .checkpoint, .advanced:
            break
        }
    }

    private func tell(_ metric: Metric, _ value: Double?) {
        guard metric == work.curve, let value else { return }
        meter.show(trial, loss: work.shown(value))
    }
}

extension Checkpoint {
    /// As the journal keeps it, with the seconds that the trial has taken before its own state.
    func timed(seconds: Double) -> Checkpoint {
        let head = withUnsafeBytes(of: seconds.bitPattern.littleEndian) { Data($0) }
        return Checkpoint(step: step, data: head + data)
    }

    /// What ``timed(seconds:)`` was made of.
    ///
    /// - Throws: `TrialFailure` where the bytes are no checkpoint.
    func untimed() throws -> (seconds: Double, checkpoint: Checkpoint) {
        guard data.count >= 8 else {
            throw TrialFailure("the checkpoint has \(data.count) bytes: run with --fresh to start over")
        }
        let bits = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        let state = data.subdata(in: data.startIndex + 8..<data.endIndex)
        return (Double(bitPattern: bits), Checkpoint(step: step, data: state))
    }
}
