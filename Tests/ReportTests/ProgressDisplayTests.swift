import Foundation
import Testing

@testable import Report

/// A clock that the test moves, and what was written.
private final class Stage: @unchecked Sendable {
    private let lock = NSLock()
    private var time = 100.0
    private var text = ""

    func advance(_ seconds: Double) { lock.withLock { time += seconds } }
    func now() -> Double { lock.withLock { time } }
    func write(_ more: String) { lock.withLock { text += more } }

    /// What was written since the last call.
    func taken() -> String {
        lock.withLock {
            defer { text = "" }
            return text
        }
    }

    func display(total: Double, done: Double = 0, isTerminal: Bool, width: Int = 80) -> ProgressDisplay {
        ProgressDisplay(
            total: total, done: done, unit: "step", drawsBar: isTerminal, width: width,
            write: { self.write($0) }, now: { self.now() })
    }
}

struct ProgressDisplayTests {
    private let stage = Stage()
    private let erase = "\r\u{1B}[K"

    @Test func barOnATerminal() {
        let display = stage.display(total: 2000, isTerminal: true)
        stage.advance(10)
        display.update(done: 500, label: "adam")
        #expect(
            stage.taken() == erase + " 25% ██████░░░░░░░░░░░░░░░░░░  500 of 2,000 steps · 50/s · 30 s left · adam")
        stage.advance(0.05)
        display.update(done: 501, label: "adam")
        #expect(stage.taken() == "")
        display.message("a line")
        #expect(
            stage.taken() == erase + "a line\n" + erase
                + " 25% ██████░░░░░░░░░░░░░░░░░░  501 of 2,000 steps · 50/s · 30 s left · adam")
        stage.advance(29.95)
        display.update(done: 2000, label: "adam")
        _ = stage.taken()
        display.finish()
        #expect(stage.taken() == erase + "Done: 2,000 steps in 40 s (50/s).\n")
        display.update(done: 2000, label: "late")
        display.finish()
        #expect(stage.taken() == "")
    }

    @Test func linesElsewhere() {
        let display = stage.display(total: 2000, isTerminal: false)
        stage.advance(2)
        display.update(done: 100, label: "adam")
        #expect(stage.taken() == "")
        stage.advance(8)
        display.update(done: 500, label: "adam on relu, seed 3")
        #expect(stage.taken() == "25% after 10 s: 500 of 2,000 steps at 50/s, 30 s left; adam on relu, seed 3\n")
        display.message("a line")
        stage.advance(5)
        display.update(done: 700, label: "sgd")
        display.finish()
        #expect(stage.taken() == "a line\nStopped at 700 of 2,000 steps after 15 s.\n")
    }

    @Test func linesComeThoughNothingIsTold() {
        let display = stage.display(total: 2000, isTerminal: false)
        var times: [Int] = []
        for second in 1...300 {
            stage.advance(1)
            display.tick()
            if !stage.taken().isEmpty { times.append(second) }
        }
        #expect(times == [3, 9, 21, 45, 93, 153, 213, 273])
        stage.advance(60)
        display.tick()
        #expect(stage.taken() == "0% after 6 min: 0 of 2,000 steps\n")
        display.finish()
        _ = stage.taken()
        stage.advance(60)
        display.tick()
        #expect(stage.taken() == "")
    }

    @Test func whatIsUnderWayHasRoomAtEightyColumns() {
        var layout = ProgressLayout(
            done: 1_234_567, total: 16_000_000, unit: "step", label: "adam on two-layers, loss 0.5", rate: 80_123,
            usesUnicode: true)
        #expect(
            layout.bar(width: 79) == "  7% ▌░░░░░░░  1,234,567 of 16,000,000 · 3 min 4 s left · adam on two-layers, …")
        layout.total = 2_000_000
        layout.label = "sgd"
        #expect(layout.bar(width: 79).hasSuffix("1,234,567 of 2,000,000 steps · 80,123/s · 10 s left · sgd"))
        #expect(layout.bar(width: 39).hasSuffix("10 s left · sgd"))
    }

    @Test func workOfAnEarlierRunIsNotInTheRate() {
        let display = stage.display(total: 1000, done: 900, isTerminal: false)
        stage.advance(10)
        display.update(done: 910, label: "")
        #expect(stage.taken() == "91% after 10 s: 910 of 1,000 steps at 1.0/s, 1 min 30 s left\n")
    }

    @Test func thereMayBeMoreToDo() {
        let display = stage.display(total: 100, isTerminal: false)
        display.update(done: 100, label: "")
        display.extend(total: 200)
        stage.advance(3)
        display.tick()
        #expect(stage.taken().hasPrefix("50% after 3 s: 100 of 200 steps"))
        display.update(done: 200, label: "")
        display.finish()
        #expect(stage.taken().hasPrefix("Done: 200 steps"))
    }

    @Test func lateUpdatesDoNotGoBack() {
        let display = stage.display(total: 100, isTerminal: false)
        display.update(done: 60, label: "")
        display.update(done: 40, label: "")
        display.finish()
        #expect(stage.taken() == "Stopped at 60 of 100 steps after 0 s.\n")
    }

    @Test(arguments: Array(0...100))
    func theBarFitsAnyWidth(width: Int) {
        for usesUnicode in [true, false] {
            let layout = ProgressLayout(
                done: 12_345, total: 67_890, unit: "step", label: "meta-training 学習 the lstm optimizer", rate: 0.7,
                usesUnicode: usesUnicode)
            #expect(layout.bar(width: width).displayWidth <= width)
        }
    }

    @Test func narrowBars() {
        var layout = ProgressLayout(
            done: 30, total: 100, unit: "step", label: "adam", rate: 0.5, usesUnicode: false)
        #expect(layout.bar(width: 64) == " 30% [#.....]  30 of 100 steps | 30/min | 2 min 20 s left | adam")
        #expect(layout.bar(width: 30) == " 30% [#.....]  2 min 20 s left")
        layout.done = 99.99
        #expect(layout.bar(width: 14).hasPrefix(" 99% "))
    }

    @Test func theRateForgetsOldSpeeds() throws {
        var rate = ProgressRate(done: 0, at: 0)
        #expect(rate.perSecond == nil)
        for second in 1...100 {
            rate.record(done: Double(second), at: Double(second))
        }
        #expect(abs(try #require(rate.perSecond) - 1) < 1e-12)
        for second in 1...100 {
            rate.record(done: 100 + 10 * Double(second), at: 100 + Double(second))
        }
        let latest = try #require(rate.perSecond)
        #expect(latest > 9.9 && latest < 10)
    }

    @Test func manyThreadsNeverTearALine() {
        let display = stage.display(total: 8000, isTerminal: true)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for step in 0..<200 {
                stage.advance(0.2)
                display.update(done: Double(step), label: "adam")
                if step % 50 == 0 {
                    display.message("thread \(thread)")
                }
            }
        }
        display.finish()
        let lines = stage.taken().split(separator: "\n").map { $0.split(separator: "\u{1B}[K").last ?? "" }
        #expect(lines.count == 33)
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix("thread ") && $0.count == 8 })
    }
}
