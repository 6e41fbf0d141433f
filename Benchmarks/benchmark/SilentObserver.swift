import Scheduler

/// Tells nobody how a run goes.
struct SilentObserver: RunObserver {
    func begin(total: Double, done: Double) {}
    func extend(total: Double) {}
    func update(done: Double, label: String) {}
    func message(_ text: String) {}
    func remark(_ text: String) {}
    func end() {}
}
