import Dispatch

/// The shortest time of one call among many, in seconds: other work on the machine only ever makes a call longer.
func shortestTime(of body: () -> Void) -> Double {
    let started = DispatchTime.now().uptimeNanoseconds
    var shortest = UInt64.max
    var calls = 0
    while calls < 3 || DispatchTime.now().uptimeNanoseconds - started < 400_000_000 {
        let before = DispatchTime.now().uptimeNanoseconds
        body()
        shortest = min(shortest, DispatchTime.now().uptimeNanoseconds - before)
        calls += 1
    }
    return Double(shortest) * 1e-9
}

/// One line: a name, a rate, and its share of the peak.
func printRate(_ name: String, operations: Double, seconds: Double, peak: Double) {
    let rate = operations / seconds * 1e-9
    let padding = String(repeating: " ", count: max(1, 44 - name.count))
    print("\(name)\(padding)\(Int(rate)) GFLOP/s, \(Int((100 * rate / peak).rounded()))%")
}
