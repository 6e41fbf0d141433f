#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The shortest time of one call, in seconds, among groups of calls that take some milliseconds each. Other work on the
/// machine only ever makes them longer; what the thread spends waiting for the processor isn't counted at all.
func shortestTime(atLeast wanted: Double = 0.4, of body: () -> Void) -> Double {
    func time(calls: Int) -> Double {
        let before = threadSeconds()
        for _ in 0..<calls { body() }
        return threadSeconds() - before
    }
    let calls = max(1, Int(0.005 / max(time(calls: 1), 1e-7)))
    let started = threadSeconds()
    var shortest = Double.infinity
    var groups = 0
    while groups < 3 || threadSeconds() - started < wanted {
        shortest = min(shortest, time(calls: calls))
        groups += 1
    }
    return shortest / Double(calls)
}

private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// One line: a name, a rate, and its share of the peak.
func printRate(_ name: String, operations: Double, seconds: Double, peak: Double) {
    let rate = operations / seconds * 1e-9
    let padding = String(repeating: " ", count: max(1, 56 - name.count))
    print("\(name)\(padding)\(Int(rate)) GFLOP/s, \(Int((100 * rate / peak).rounded()))%")
}
