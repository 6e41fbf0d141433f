import Testing

@testable import benchmark

@Suite("The benchmark's report on recorded runs")
struct RecordingReportTests {
    private func measurement(
        _ program: String, _ whole: Double, alone: Double? = nil, bytes: Int? = nil
    ) -> RecordingMeasurement {
        RecordingMeasurement(
            program: program, wholeSeconds: whole, processorSeconds: whole / 2, peakMebibytes: 20, aloneSeconds: alone,
            bytes: bytes)
    }

    @Test func takesRatiosWithinARound() {
        var results = RecordingResults(work: .points)
        for (ours, theirs) in [(1.0, 4.0), (2, 4), (0.5, 4)] {
            results.add(measurement("journal", ours), of: .journal)
            results.add(measurement("Aim 3", theirs, alone: 3), of: .aim)
        }
        #expect(results.ratio(.aim, to: .journal, \.wholeSeconds) == Spread([2, 4, 8]))
        #expect(results.ratio(.aim, to: .journal, \.aloneSeconds) == nil)
        #expect(results.ratio(.journal, to: .journal, \.wholeSeconds) == nil)
        #expect(results.median(.journal, \.wholeSeconds) == 1)
        #expect(results.median(.journal, \.aloneSeconds) == nil)
    }

    /// Those that weren't measured have no row, and what nothing was measured of has no column.
    @Test func printsATableAWork() {
        var points = RecordingResults(work: .points)
        points.add(measurement("journal", 0.25, alone: 0.0625, bytes: 1 << 20), of: .journal)
        points.add(measurement("TensorBoard 2, tensorboardX 3", 5, alone: 0.125, bytes: 3 << 19), of: .tensorboard)
        var curve = RecordingResults(work: .curve)
        curve.add(measurement("journal", 0.5), of: .journal)
        curve.add(measurement("sqlite3 4", 0.125, alone: 0.5), of: .journalFile)
        curve.add(measurement("TensorBoard 2", 1.5, alone: 1), of: .tensorboard)
        #expect(
            RecordingReport(results: [points, curve]).markdown(conditions: "today") == """
                today, TensorBoard 2, tensorboardX 3, sqlite3 4.

                | \(RecordingWork.points.title) | whole process | takes | of processors | takes | the work alone | takes | peak memory | on disk |
                | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                | `journal` | 0.25 s |  | 0.12 s |  | 62.5 ms |  | 20 MiB | 1.0 MiB |
                | TensorBoard | 5.00 s | 20× (20–20) | 2.50 s | 20× (20–20) | 0.12 s | 2.0× (2.0–2.0) | 20 MiB | 1.5 MiB |

                | \(RecordingWork.curve.title) | whole process | takes | of processors | takes | the work alone | takes | peak memory |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                | `journal` | 0.50 s |  | 0.25 s |  |  |  | 20 MiB |
                | the journal's file, by Python's `sqlite3` | 0.12 s | 0.25× (0.25–0.25) | 62.5 ms | 0.25× (0.25–0.25) | 0.50 s |  | 20 MiB |
                | TensorBoard | 1.50 s | 3.0× (3.0–3.0) | 0.75 s | 3.0× (3.0–3.0) | 1.00 s | 2.0× (2.0–2.0) | 20 MiB |
                """)
    }
}
