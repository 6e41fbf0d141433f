import Foundation
import Nouns
import Testing

@testable import JournalStore

@Suite struct CurveTests {
    let folder = try! TemporaryFolder()

    /// Records points of one trial and opens the journal again to read.
    func recorded(_ tell: (JournalWriter, Int64) throws -> Void) throws -> (Journal, Int64) {
        let journal = try Journal(writing: folder.file())
        let trial = try journal.register(.sample(trials: 1)).trials[0]
        let writer = try JournalWriter(journal)
        _ = try writer.begin(trial, .sample)
        try tell(writer, trial)
        try writer.finish()
        try journal.close()
        return (try Journal(reading: folder.file()), trial)
    }

    @Test func everyBitOfADoubleSurvives() throws {
        var generator = SystemRandomNumberGenerator()
        let special: [Double] = [
            0, -0.0, 1, 1e16, .leastNonzeroMagnitude, .leastNormalMagnitude / 3, .greatestFiniteMagnitude,
        ]
        let values = special + (0..<5000).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
        let (journal, trial) = try recorded { $0.points($1, Metric.loss, firstStep: 0, values) }
        let read = try journal.points(trial: trial, metric: Metric.loss)
        #expect(read.values.map(\.bitPattern) == values.map(\.bitPattern))
        #expect(read.steps == Array(values.indices))
    }

    @Test func everyBitOfAFloatSurvivesInSQLToo() throws {
        var generator = SystemRandomNumberGenerator()
        let special: [Float] = [
            0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, Float(bitPattern: 0x15AE_43FD),
        ]
        let values = special + (0..<5000).map { _ in Float(bitPattern: generator.next()) }.filter(\.isFinite)
        let (journal, trial) = try recorded { $0.points($1, Metric.loss, firstStep: 0, values) }
        let read = try journal.points(trial: trial, metric: Metric.loss).values
        #expect(read.map { Float($0).bitPattern } == values.map(\.bitPattern))
        #expect(read[0] == 0.1)
        #expect(values.map { Double(recorded: $0).bitPattern } == read.map(\.bitPattern))
        let rows = try journal.query(JournalQuery(.points)).rows
        let inSQL = rows.map { row in
            if case .double(let value) = row[3] { Float(value).bitPattern } else { UInt32.max }
        }
        #expect(inSQL == values.map(\.bitPattern))
    }

    @Test func divergenceIsRecorded() throws {
        let (journal, trial) = try recorded {
            $0.points($1, Metric.loss, firstStep: 0, [1, .infinity, -.infinity, .nan] as [Double])
            $0.points($1, Metric.metaLoss, firstStep: 0, [1, .infinity, -.infinity, .nan] as [Float])
        }
        for metric in [Metric.loss, Metric.metaLoss] {
            let values = try journal.points(trial: trial, metric: metric).values
            #expect(values.dropLast() == [1, .infinity, -.infinity])
            #expect(values[3].isNaN)
        }
        let rows = try journal.query(JournalQuery(.points, metric: "loss")).rows
        #expect(rows.map { "\($0[3])" } == ["double(1.0)", "double(inf)", "double(-inf)", "double(nan)"])
        if let shell = try sqliteShell(
            folder.file(), "SELECT value, isNaN FROM points WHERE metric = 'loss' ORDER BY step")
        {
            #expect(shell == "1.0|0\nInf|0\n-Inf|0\nInf|1\n")
        }
    }

    @Test func chunksHoldAThousandPointsAtAnyStride() throws {
        let steps = Array(stride(from: 20, to: 50_020, by: 20))
        let (journal, trial) = try recorded { writer, trial in
            for step in steps { writer.point(trial, Metric.evaluationLoss, step: step, Double(step)) }
        }
        let read = try journal.points(trial: trial, metric: Metric.evaluationLoss)
        #expect(read.steps == steps)
        #expect(read.values == steps.map(Double.init))
        let chunks = try journal.sql("SELECT chunk, firstStep, stride, pointCount FROM curves ORDER BY chunk").rows
        #expect(chunks.map { $0[3] } == [.int(1000), .int(1000), .int(500)])
        #expect(chunks[1] == [.int(1), .int(20_020), .int(20), .int(1000)])
    }

    @Test func irregularStepsAreKept() throws {
        let steps = [0, 1, 2, 4, 8, 16, 32, 33, 34, 34, 10]
        let (journal, trial) = try recorded { writer, trial in
            for step in steps {
                writer.point(trial, Metric.accuracy, step: step, Double(step) / 2)
                if step % 2 == 0 { try writer.flush() }
            }
        }
        let read = try journal.points(trial: trial, metric: Metric.accuracy)
        #expect(read.steps == steps)
        #expect(read.values == steps.map { Double($0) / 2 })
    }

    @Test func theStockShellReadsPoints() throws {
        let (_, trial) = try recorded { $0.points($1, Metric.loss, firstStep: 5, stride: 5, [2.5, 0.1] as [Float]) }
        guard let output = try sqliteShell(folder.file(), "SELECT * FROM points") else { return }
        #expect(output == "\(trial)|loss|5|2.5|0\n\(trial)|loss|10|0.1|0\n")
        let summary = try sqliteShell(folder.file(), "SELECT experiment, optimizer, status FROM trialSummary")
        #expect(summary == "l2l-mnist|adam|interrupted\n")
    }

    @Test func aPartialChunkIsCutToItsFirstPoints() {
        var chunk = CurveChunk(index: 0, step: 0, value: .double(1))
        for step in 1..<10 {
            let isAppended = chunk.append(step: step, value: .double(Double(step)))
            #expect(isAppended)
        }
        for kept in 1...10 {
            let cut = CurveChunk(index: 0, firstStep: 0, stride: 1, count: kept, json: chunk.json)
            #expect(CurveChunk.values(json: cut.json) == CurveChunk.values(json: chunk.json)?.prefix(kept).map { $0 })
        }
    }
}
