import ExperimentSpec
import Foundation
import Locking

/// Adds up what all trials of an experiment have done.
final class ProgressMeter: Sendable {
    private let observer: any RunObserver
    private let state: Locked<(done: Double, label: String)>

    init(_ observer: any RunObserver, done: Double) {
        self.observer = observer
        state = Locked((done, ""))
    }

    func advance(by steps: Double) {
        let (done, label) = state.withLock { state in
            state.done += steps
            return state
        }
        observer.update(done: done, label: label)
    }

    /// Says what is under way; shown when work next advances.
    func show(_ trial: TrialDescription, loss: Double) {
        let label = "\(trial.activity), loss \(String(format: "%.4g", loss))"
        state.withLock { $0.label = label }
    }
}
