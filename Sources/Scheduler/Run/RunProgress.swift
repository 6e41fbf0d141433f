/// Has one who waits see the rounds of an experiment's run as one piece of work.
final class RunProgress {
    private let observer: any RunObserver
    private var isShown = false

    init(_ observer: any RunObserver) {
        self.observer = observer
    }

    /// A round begins: with all the experiment's work that is known of, and what of it is done.
    func show(total: Double, done: Double) {
        if isShown { observer.extend(total: total) } else { observer.begin(total: total, done: done) }
        isShown = true
    }

    func end() {
        if isShown { observer.end() }
    }
}
