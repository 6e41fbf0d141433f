#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The shortest time of one call among many, in seconds. Other work on the machine only ever makes a call longer; what
/// the thread spends waiting for the processor isn't counted at all.
func shortestTime(atLeast wanted: Double = 0.4, of body: () -> Void) -> Double {
    let started = threadSeconds()
    var shortest = Double.infinity
    var calls = 0
    while calls < 3 || threadSeconds() - started < wanted {
        let before = threadSeconds()
        body()
        shortest = min(shortest, threadSeconds() - before)
        calls += 1
    }
    return shortest
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
