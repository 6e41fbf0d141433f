import Foundation
import GRDB
import Nouns
import Testing

@testable import JournalStore

@Suite struct CurveOverviewTests {
    let folder = try! TemporaryFolder()

    private func overview(_ values: [Double], firstStep: Int = 0, stride: Int = 1) -> CurveOverview {
        CurveOverview(steps: values.indices.map { firstStep + stride * $0 }, values: values)
    }

    @Test(arguments: [0, 1, 2, 127, 128, 129, 255, 256, 257, 1000, 5000, 12_345])
    func eachStretchHasTheLowestTheHighestAndTheMean(count: Int) throws {
        let values = (0..<count).map { Double(Float(sin(Double($0)) * Double($0 % 37))) }
        let seen = overview(values, firstStep: 10, stride: 5)
        #expect(seen.pointCount == count)
        #expect(seen.buckets.count <= CurveOverview.capacity)
        #expect(count < CurveOverview.capacity ? seen.buckets.count == count : seen.buckets.count >= 64)
        guard count > 0 else { return }
        #expect(seen.lastStep == 10 + 5 * (count - 1))
        let starts = seen.buckets.map { ($0.firstStep - 10) / 5 } + [count]
        #expect(starts[0] == 0)
        for (bucket, (start, end)) in zip(seen.buckets, zip(starts, starts.dropFirst())) {
            let stretch = values[start..<end]
            #expect(Double(bucket.low) == stretch.min() && Double(bucket.high) == stretch.max())
            #expect(abs(Double(bucket.mean) - stretch.reduce(0, +) / Double(stretch.count)) < 1e-4)
        }
    }

    @Test func whatIsNotANumberStaysToBeSeen() throws {
        var values = [Double](repeating: 1, count: 1000)
        values[300] = .nan
        values[700] = .infinity
        let seen = overview(values)
        #expect(seen.buckets.count { $0.low.isNaN && $0.high.isNaN && $0.mean.isNaN } == 1)
        #expect(seen.buckets.count { $0.high == .infinity && $0.low == 1 } == 1)
    }

    @Test func bytesAreReadAsTheyWereWritten() throws {
        let seen = overview((0..<777).map { Double(Float($0) / 7) })
        let read = seen.bytes.withUnsafeBytes {
            CurveOverview(bytes: $0, pointCount: seen.pointCount, lastStep: seen.lastStep)
        }
        #expect(read?.buckets == seen.buckets)
        #expect(seen.bytes.dropLast().withUnsafeBytes { CurveOverview(bytes: $0, pointCount: 1, lastStep: 1) } == nil)
    }

    /// A long curve leaves a row, a short one none; both are read alike, and so is one of an earlier program.
    @Test func aTrialThatEndsLeavesOverviewsOfItsLongCurves() throws {
        let journal = try Journal(writing: folder.file())
        let trials = try journal.register(.sample(trials: 2)).trials
        let writer = try JournalWriter(journal)
        let values = (0..<3000).map { Float(3000 - $0) / 100 }
        _ = try writer.begin(trials[0], .sample)
        writer.points(trials[0], .loss, firstStep: 0, values)
        writer.points(trials[0], .metaLoss, firstStep: 0, Array(values.prefix(100)))
        writer.complete(trials[0], .sample)
        _ = try writer.begin(trials[1], .sample)
        writer.points(trials[1], .loss, firstStep: 0, values)
        try writer.flush()
        #expect(try journal.sql("SELECT trial, metric FROM curveOverviews").rows == [[.int(1), .text("loss")]])
        let expected = overview(values.map { Double(recorded: $0) }).buckets
        for trial in trials { #expect(try journal.overview(trial: trial, metric: .loss).buckets == expected) }
        #expect(try journal.overview(trial: trials[0], metric: .metaLoss).pointCount == 100)
        #expect(try journal.overview(trial: trials[1], metric: .metaLoss).buckets.isEmpty)

        let all = try journal.overviews(of: 1, kind: .evaluation, metric: .loss, most: 10)
        #expect(all.keys.sorted() == trials && all.values.allSatisfy { $0.buckets == expected })
        #expect(try journal.overviews(of: 1, kind: .evaluation, metric: .loss, most: 0).keys.sorted() == [trials[0]])
        try writer.finish()
    }

    @Test func aTrialThatGoesOnHasTheOverviewOfOneThatDidNotStop() throws {
        let journal = try Journal(writing: folder.file())
        let trials = try journal.register(.sample(trials: 1)).trials
        let values = (0..<2500).map { Float(($0 * 7919) % 1000) }
        let first = try JournalWriter(journal)
        _ = try first.begin(trials[0], .sample)
        first.points(trials[0], .loss, firstStep: 0, Array(values[..<1700]))
        first.checkpoint(trials[0], Checkpoint(step: 1700, data: Data([1])))
        first.points(trials[0], .loss, firstStep: 1700, [Float](repeating: 1e6, count: 300))
        first.interrupt(trials[0])
        try first.finish()
        #expect(try journal.overview(trial: trials[0], metric: .loss).pointCount == 2000)

        let second = try JournalWriter(journal)
        _ = try second.begin(trials[0], .sample)
        #expect(try journal.sql("SELECT * FROM curveOverviews").rows.isEmpty)
        second.points(trials[0], .loss, firstStep: 1700, Array(values[1700...]))
        second.complete(trials[0], .sample)
        try second.finish()
        let seen = try journal.overview(trial: trials[0], metric: .loss)
        #expect(seen.buckets == overview(values.map { Double(recorded: $0) }).buckets)
    }

    @Test func damageIsSaid() throws {
        let journal = try Journal(writing: folder.file())
        try recordSample(in: journal)
        try journal.write {
            try $0.execute(sql: "INSERT INTO curveOverviews VALUES (1, 'loss', 5, 5, x'0102')")
        }
        let error = journalError { _ = try journal.overview(trial: 1, metric: .loss) }
        #expect(error?.kind == .badData)
        #expect(error?.message.contains("curveOverviews") == true)
    }
}

@Suite struct TrialListingTests {
    let folder = try! TemporaryFolder()

    @Test func trialsAreOrderedFilteredAndPaged() throws {
        let journal = try Journal(writing: folder.file())
        var experiment = ExperimentRegistration.sample(trials: 5)
        experiment.trials.append(.sample("other", optimizer: "sgd", seed: 77))
        let registered = try journal.register(experiment)
        let writer = try JournalWriter(journal)
        for (index, trial) in registered.trials.dropLast().enumerated() {
            _ = try writer.begin(trial, .sample)
            writer.complete(
                trial, TrialResults(steps: 1, seconds: 1, values: [.finalLoss: [3, .nan, 1, .infinity, 2][index]]))
        }
        try writer.finish()
        var listing = TrialListing(experiment: 1, limit: 10)
        func listed() throws -> [Int64] { try journal.trials(listing).trials.map(\.id) }
        listing.order = .result(.finalLoss)
        #expect(try listed() == [3, 5, 1, 2, 4, 6])
        listing.isDescending = true
        #expect(try Set(listed().prefix(2)) == [2, 4] && listed().last == 6)
        listing.limit = 2
        listing.offset = 2
        #expect(try listed() == [1, 5] && journal.trials(listing).count == 6)
        listing = TrialListing(experiment: 1, limit: 10)
        listing.search = "77"
        #expect(try listed() == [6])
        listing.search = nil
        listing.seed = 77
        #expect(try listed() == [6])
        listing.seed = nil
        listing.search = "SGD"
        #expect(try listed() == [6])
        listing.search = "' OR 1 --"
        #expect(try listed().isEmpty)
        listing.search = nil
        listing.status = .queued
        #expect(try listed() == [6])
        #expect(try journal.trialGroups(of: 1).map(\.completed) == [5, 0])
        #expect(try journal.members(of: 1, kind: .evaluation).map(\.id) == [1, 2, 3, 4, 5])
        let progress = try journal.progress()[1]
        #expect(progress?[.completed] == 5 && progress?[.queued] == 1 && progress?.total == 6)
    }

    @Test func aJournalSaysWhetherItIsWhatThePathLeadsTo() throws {
        let path = folder.file()
        let writing = try Journal(writing: path)
        try recordSample(in: writing)
        let reading = try Journal(reading: path)
        let version = try reading.dataVersion()
        #expect(reading.isCurrent)
        #expect(try reading.dataVersion() == version)
        try recordSample(in: writing, .sample(hash: "def456"))
        #expect(try reading.dataVersion() != version)
        try writing.close()
        try FileManager.default.moveItem(atPath: path, toPath: folder.file("other.sqlite"))
        #expect(!reading.isCurrent)
    }
}
