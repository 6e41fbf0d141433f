import Foundation
import Testing

@testable import benchmark

@Suite("The benchmark's report")
struct BenchmarkReportTests {
    private func results(_ work: Work, _ rounds: [(Contestant, [[Double]])]) -> WorkResults {
        var results = WorkResults(work: work)
        for (contestant, processes) in rounds {
            results.add(
                processes.map { Measurement(program: "\(contestant) 1.0", seconds: $0, peakMebibytes: 100) },
                of: contestant)
        }
        return results
    }

    @Test func takesRatiosWithinARound() {
        let results = results(
            .quadratic,
            [
                (.journal(threads: 2), [[0.01, 0.02, 0.03]]), (.peer(.jax), [[0.08]]),
                (.peer(.jax), [[0.03]]), (.journal(threads: 2), [[0.01]]),
            ])
        let ratio = results.ratio(.peer(.jax), to: .journal(threads: 2))
        #expect(ratio == Spread([4, 3]))
        #expect(ratio?.median == 3.5 && ratio?.lowest == 3 && ratio?.highest == 4)
        #expect(results.ratio(.peer(.torch), to: .journal(threads: 2)) == nil)
    }

    @Test func ofProcessesSideBySideTheSlowestCounts() {
        let results = results(.learningToLearn, [(.journalSideBySide(2), [[0.4, 0.4], [0.5, 0.5]])])
        #expect(results.seconds(.journalSideBySide(2)) == [0.5])
    }

    @Test func takesTheFasterWayOfALibrary() {
        let results = results(.student, [(.peer(.torch), [[0.003]]), (.compiledPeer(.torch), [[0.002]])])
        #expect(results.best(.torch) == .compiledPeer(.torch))
        #expect(results.best(.jax) == nil)
    }

    /// A library that nothing was measured of has no column.
    @Test func printsTablesInMarkdown() {
        let report = BenchmarkReport(
            results: [
                results(
                    .learningToLearn,
                    [
                        (.journal(threads: 2), [[0.2]]), (.journal(threads: 1), [[0.4]]),
                        (.journalSideBySide(2), [[0.4], [0.5]]), (.peer(.jax), [[0.6]]),
                    ])
            ], threads: 2)
        #expect(
            report.markdown(conditions: "today") == """
                today, JAX 1.0.

                | work | journal | JAX | JAX takes | peak memory: journal | JAX |
                | --- | --- | --- | --- | --- | --- |
                | \(Work.learningToLearn.title) | 0.200 s | 0.600 s | 3.00× (3.00–3.00) | 100 MiB | 100 MiB |

                | `l2l-mnist` on several processors | a step | speed |
                | --- | --- | --- |
                | one thread | 0.400 s | 1 |
                | 2 threads | 0.200 s | 2.00× (2.00–2.00) |
                | 2 processes of one thread each, side by side | 0.500 s | 0.80× (0.80–0.80) each |
                """)
    }

    @Test func readsTheLineThatAProcessPrintsLast() throws {
        let measurement = Measurement(program: "journal", seconds: [0.25], peakMebibytes: 12)
        #expect(try Measurement(output: Data("a word\n\(measurement.line())\n".utf8)) == measurement)
    }
}
