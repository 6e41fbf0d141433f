import Foundation

/// Shows how far long work has come: a bar on a terminal, a line now and then elsewhere.
///
/// Lines come after 3 seconds, and then at distances that double up to a minute, also where nothing is told meanwhile:
/// `tick` is to be called about once a second.
///
/// The work is counted in units that take about the same time each, so that the time left is honest. All methods may
/// be called from any thread; what is written is never torn. Nothing is left on the terminal but whole lines: the bar
/// is erased by `finish`, also after an interruption.
public final class ProgressDisplay: @unchecked Sendable {
    private let unit: String
    private let drawsBar: Bool
    private let usesUnicode: Bool
    private let width: @Sendable () -> Int
    private let write: @Sendable (String) -> Void
    private let now: @Sendable () -> Double
    private let startTime: Double
    private let startDone: Double

    /// Guards all that follows it.
    private let lock = NSLock()
    private var total: Double
    private var done: Double
    private var label = ""
    private var rate: ProgressRate
    private var nextShown: Double
    private var secondsBetweenLines = ProgressDisplay.secondsToFirstLine
    private var barIsShown = false
    private var isFinished = false

    private static let secondsBetweenBars = 0.1
    private static let secondsToFirstLine = 3.0
    private static let mostSecondsBetweenLines = 60.0
    private static let eraseLine = "\r\u{1B}[K"

    /// A display of work of `total` units.
    ///
    /// - Parameters:
    ///   - total: All the work there is.
    ///   - done: The work that an earlier run left done; it does not count towards the rate.
    ///   - unit: What is counted, in the singular, such as `step`.
    ///   - drawsBar: Whether to draw a bar, with escape codes, and not lines.
    ///   - usesUnicode: Whether the bar may have characters beyond ASCII.
    ///   - width: The terminal's width in columns; asked again whenever the bar is drawn.
    ///   - write: Where text goes; called by one thread at a time.
    ///   - now: The time in seconds, from any moment on; never running backwards.
    public init(
        total: Double, done: Double = 0, unit: String, drawsBar: Bool, usesUnicode: Bool = true,
        width: @escaping @autoclosure @Sendable () -> Int, write: @escaping @Sendable (String) -> Void,
        now: @escaping @Sendable () -> Double
    ) {
        self.total = total
        self.unit = unit
        self.drawsBar = drawsBar
        self.usesUnicode = usesUnicode
        self.width = width
        self.write = write
        self.now = now
        self.done = done
        startTime = now()
        startDone = done
        nextShown = drawsBar ? startTime : startTime + Self.secondsToFirstLine
        rate = ProgressRate(done: done, at: startTime)
    }

    /// Tells that there are `total` units of work in all: more than was known.
    public func extend(total: Double) {
        lock.withLock { self.total = total }
    }

    /// Tells that `done` units of work are done, and what is under way.
    ///
    /// Costs little where nothing is due to be shown: the bar is drawn at most ten times a second. A `done` lower than
    /// one told before, from a thread that was late, is ignored.
    public func update(done: Double, label: String) {
        lock.withLock {
            guard !isFinished else { return }
            let time = now()
            self.done = max(self.done, done)
            self.label = label
            rate.record(done: self.done, at: time)
            showIfDue(at: time)
        }
    }

    /// Shows what is due though nothing was told.
    public func tick() {
        lock.withLock {
            if !isFinished { showIfDue(at: now()) }
        }
    }

    private func showIfDue(at time: Double) {
        guard time >= nextShown else { return }
        if drawsBar {
            nextShown = time + Self.secondsBetweenBars
        } else {
            secondsBetweenLines = min(2 * secondsBetweenLines, Self.mostSecondsBetweenLines)
            nextShown = time + secondsBetweenLines
        }
        show()
    }

    /// Writes a line of its own; a bar goes on below it.
    public func message(_ text: String) {
        lock.withLock {
            let bar = barIsShown
            write((bar ? Self.eraseLine : "") + text + "\n")
            if bar {
                show()
            }
        }
    }

    /// Takes the bar away and writes a last line: what was done in what time. Later updates show nothing.
    public func finish() {
        lock.withLock {
            guard !isFinished else { return }
            isFinished = true
            let summary = layout.summary(seconds: now() - startTime, from: startDone)
            write((barIsShown ? Self.eraseLine : "") + summary + "\n")
            barIsShown = false
        }
    }

    private var layout: ProgressLayout {
        ProgressLayout(
            done: done, total: total, unit: unit, label: label, rate: rate.perSecond, usesUnicode: usesUnicode)
    }

    private func show() {
        if drawsBar {
            // One column stays free: a character in the last one would make some terminals start a new line.
            write(Self.eraseLine + layout.bar(width: width() - 1))
            barIsShown = true
        } else {
            write(layout.line(seconds: now() - startTime) + "\n")
        }
    }
}
