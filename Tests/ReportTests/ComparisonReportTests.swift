import Analysis
import Foundation
import JournalStore
import Nouns
import Testing

@testable import Report

struct ComparisonReportTests {
    private var comparison: Comparison {
        var outcomes: [ComparedTrial] = []
        for seed in 1...8 {
            let loss = Double(seed) / 8
            outcomes.append(
                ComparedTrial(
                    problem: "mnist", optimizer: "trained", seed: seed, finalLoss: loss, testLoss: loss + 1,
                    accuracy: 0.75, curve: [4, 2, loss]))
            outcomes.append(
                ComparedTrial(
                    problem: "mnist", optimizer: "adam", seed: seed, finalLoss: seed == 8 ? .nan : loss * 2,
                    curve: [4, 3, seed == 8 ? .nan : 2 * loss]))
        }
        return Comparison(
            experiment: "l2l", version: "0123456789ab", question: "Does it learn?",
            provenance: Provenance(datasets: [
                .init(dataset: DatasetRecord(name: "mnist", origin: "the data folder", checksum: "00ff"), trials: 16)
            ]),
            unfinishedTrials: 1, outcomes: outcomes
        ) { _, optimizer, _ in
            optimizer == "adam" ? .learningRate(["0.1": 2, "0.03": 1, "0.01": 3], chosen: "0.03") : nil
        }
    }

    @Test func text() {
        let lines = comparison.text(for: .plain).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(17).joined(separator: "\n") == """
                l2l@01234567
                Does it learn?
                Data: mnist, the data folder
                1 evaluation trial has not finished; these figures are without it.

                Problem mnist

                  optimizer  trials  final loss      95% interval  median  test loss  accuracy
                  ─────────  ──────  ──────────  ────────────────  ──────  ─────────  ────────
                  trained         8      0.5625  [0.3594, 0.7656]  0.5625      1.562    75.00%
                  adam            8         inf                     1.125
                  Diverged trials: adam 1 of 8.
                  Tuned on other seeds: adam learningRate 0.03.

                  trained against  wins  losses  ties  better     r       p  p corrected
                  ───────────────  ────  ──────  ────  ──────  ────  ──────  ───────────
                  adam                8       0     0    100%  1.00  0.0078       0.0078
                """)
        #expect(lines.contains("  trained beats adam on 8 of 8 seeds, p = 0.0078."))
    }

    @Test func jsonHasTheKeysOfTheSpecification() throws {
        let read = try JSONSerialization.jsonObject(with: Data(comparison.json().utf8))
        let object = try #require(read as? [String: Any])
        #expect(object["experiment"] as? String == "l2l")
        let problems = try #require(object["problems"] as? [[String: Any]])
        #expect(problems[0]["name"] as? String == "mnist")
        let optimizers = try #require(problems[0]["optimizers"] as? [[String: Any]])
        #expect(optimizers.map { $0["name"] as? String } == ["trained", "adam"])
        #expect(optimizers[0]["trials"] as? Int == 8)
        let finalLoss = try #require(optimizers[0]["finalLoss"] as? [String: Any])
        #expect(finalLoss["mean"] as? Double == 0.5625)
        #expect(finalLoss["median"] as? Double == 0.5625)
        let low = try #require(finalLoss["low"] as? Double)
        let high = try #require(finalLoss["high"] as? Double)
        #expect(low < 0.5625 && 0.5625 < high)
        #expect(optimizers[1]["tuned"] as? [String: Double] == ["learningRate": 0.03])
        let diverged = try #require(optimizers[1]["finalLoss"] as? [String: Any])
        #expect(diverged["mean"] as? String == "Infinity")
        #expect(diverged["median"] as? Double == 1.125)
        let pair = try #require((problems[0]["pairs"] as? [[String: Any]])?.first)
        #expect(pair["a"] as? String == "trained")
        #expect(pair["b"] as? String == "adam")
        #expect([pair["wins"], pair["losses"], pair["ties"]].map { $0 as? Int } == [8, 0, 0])
        #expect(pair["pValue"] as? Double == 0.0078125)
    }

    @Test(arguments: [20, 40, 60, 80, 120])
    func namesAndFiguresStayOnAnyTerminal(width: Int) throws {
        let terminal = Terminal(isTerminal: true, width: width, usesColour: false, usesUnicode: false)
        let outcomes = ["café au lait, reçu", "學習", "adam"].enumerated().flatMap { index, name in
            (1...8).map { seed in
                ComparedTrial(
                    problem: "é", optimizer: name, seed: seed, finalLoss: Double(seed + index), testLoss: 1,
                    accuracy: 0.5, curve: [4, 2, Double(seed + index)])
            }
        }
        let text = Comparison(experiment: "naïve", question: "Où?", outcomes: outcomes).text(for: terminal)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        let lines = text.split(separator: "\n")
        #expect(lines.filter { $0.count > width }.isEmpty)
        #expect(lines.contains { $0.contains("final loss") })
        #expect(lines.contains { $0.hasPrefix("  adam") && $0.contains("6.500") })
    }

    @Test func noTrials() {
        let empty = Comparison(experiment: "l2l", unfinishedTrials: 4, outcomes: [])
        #expect(
            empty.text(for: .plain) == """
                l2l
                4 evaluation trials have not finished; these figures are without them.

                No evaluation trial has finished yet.

                """)
        #expect(empty.json().contains("\"problems\": []"))
    }

    private func outcomes(_ optimizer: String, _ losses: [Double], accuracy: Double? = nil) -> [ComparedTrial] {
        losses.enumerated().map { index, loss in
            ComparedTrial(
                problem: "p", optimizer: optimizer, seed: index + 1, finalLoss: loss,
                accuracy: accuracy.map { $0 + Double(index) / 1000 }, curve: [9, loss])
        }
    }

    private func object(_ comparison: Comparison) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(comparison.json().utf8)) as? [String: Any])
    }

    @Test func copiesAreOneTrialAndNotTested() throws {
        let comparison = Comparison(
            experiment: "e", outcomes: outcomes("a", [1, 1, 1]) + outcomes("b", [2, 2, 2]))
        let text = comparison.text(for: .plain)
        #expect(
            text.contains(
                """
                  optimizer  trials  final loss  95% interval  median
                  ─────────  ──────  ──────────  ────────────  ──────
                  a               1       1.000                 1.000
                  b               1       2.000                 2.000
                  Trials that are one computation, whatever the seed: 3 of a, 3 of b.

                  a against  wins  losses  ties  difference  better     r  p  p corrected
                  ─────────  ────  ──────  ────  ──────────  ──────  ────  ─  ───────────
                  b             1       0     0      -1.000    100%  1.00  -            -

                """))
        #expect(
            text.contains("  a ends lower than b; the seed changes nothing here, so there is nothing to test.\n"))
        let problem = try #require((try object(comparison)["problems"] as? [[String: Any]])?.first)
        let pair = try #require((problem["pairs"] as? [[String: Any]])?.first)
        #expect(pair["pValue"] is NSNull && pair["pValueHolm"] is NSNull)
        #expect((problem["optimizers"] as? [[String: Any]])?.map { $0["trials"] as? Int } == [1, 1])
    }

    @Test func whatTrialsDoNotHaveInCommonIsTold() throws {
        let real = DatasetRecord(name: "mnist", origin: "the data folder", checksum: "00112233445566", note: "cut")
        let drawn = DatasetRecord(name: "synthetic-digits", origin: "generated", checksum: "ff112233445566")
        let tuning = TrialKindSummary(
            kind: "tuning", title: "Tuning", isCompared: false, ranking: .finalLoss, curve: .loss)
        let comparison = Comparison(
            experiment: "e",
            provenance: Provenance(
                kernelTables: [.init(name: "avx2", trials: 40), .init(name: "baseline", trials: 3)],
                programVersions: [.init(name: "0.3.0", trials: 43)],
                datasets: [.init(dataset: real, trials: 42), .init(dataset: drawn, trials: 1)],
                otherData: [.init(kind: tuning, problem: "p", use: .init(dataset: drawn, trials: 5))]),
            outcomes: outcomes("a", [1, 2]))
        #expect(
            comparison.text(for: .plain).hasPrefix(
                """
                e
                Data: mnist, the data folder (cut), checksum 001122334455: 42 trials
                Data: synthetic-digits, generated, checksum ff1122334455: 1 trial
                These trials were computed by different kernel tables: avx2 40, baseline 3.
                Tuning on p used other data: synthetic-digits, generated, checksum ff1122334455: 5 trials.

                """))
        let object = try object(comparison)
        let tables = try #require(object["kernelTables"] as? [[String: Any]])
        #expect(tables.map { $0["name"] as? String } == ["avx2", "baseline"])
        #expect(tables.map { $0["trials"] as? Int } == [40, 3])
        #expect((object["programVersions"] as? [Any])?.count == 1)
        let datasets = try #require(object["datasets"] as? [[String: Any]])
        #expect(datasets.map { $0["checksum"] as? String } == [real.checksum, drawn.checksum])
        #expect(datasets[0]["note"] as? String == "cut" && datasets[1]["note"] is NSNull)
        #expect((object["otherData"] as? [[String: Any]])?.first?["kind"] as? String == "tuning")
    }

    @Test func anEdgeAndALostTuningAreTold() throws {
        let comparison = Comparison(
            experiment: "e",
            outcomes: outcomes("sgd", [1, 2]) + outcomes("momentum", [8, 9]) + outcomes("adam", [3, 4])
        ) { _, optimizer, _ in
            switch optimizer {
            case "sgd": .learningRate(["0.001": 1, "0.0003": 2], chosen: "0.001")
            case "momentum": .learningRate(["10": .infinity, "100": .infinity], chosen: "10")
            default: .learningRate(["0.1": 3, "0.01": 1, "0.001": 2], chosen: "0.01")
            }
        }
        #expect(
            comparison.text(for: .plain).contains(
                """
                  Tuned on other seeds: sgd learningRate 0.001, adam learningRate 0.01.
                  On the edge of its grid: sgd learningRate 0.001, the largest tried.
                  Tuning found nothing for momentum: every candidate diverged (learningRate 10, 100). It ran with
                  learningRate 10.

                """))
        #expect(
            try comparison.tuningText(for: .plain)
                == """
                e

                Candidates of sgd on p

                  learningRate  mean final loss  trials  diverged
                  ────────────  ───────────────  ──────  ────────
                         0.001           1.000*       5         0
                        0.0003           2.000        5         0

                Candidates of adam on p

                  learningRate  mean final loss  trials  diverged
                  ────────────  ───────────────  ──────  ────────
                           0.1           3.000        5         0
                          0.01           1.000*       5         0
                         0.001           2.000        5         0

                Candidates of momentum on p

                  learningRate  mean final loss  trials  diverged
                  ────────────  ───────────────  ──────  ────────
                            10             inf*       5         5
                           100             inf        5         5

                  Tuning found nothing for momentum: every candidate diverged (learningRate 10, 100). It ran with
                  learningRate 10.

                * marks the candidate that was chosen: the lowest mean final loss.

                """)
        let narrow = Terminal(isTerminal: true, width: 60, usesColour: false, usesUnicode: true)
        let lines = try comparison.tuningText(for: narrow).split(separator: "\n")
        #expect(lines.allSatisfy { String($0).displayWidth <= 60 })
        let problem = try #require((try object(comparison)["problems"] as? [[String: Any]])?.first)
        let tuning = try #require((problem["optimizers"] as? [[String: Any]])?.first?["tuning"] as? [String: Any])
        let rate = try #require(tuning["learningRate"] as? [String: Any])
        #expect(rate["chosen"] as? Double == 0.001)
        #expect(rate["candidates"] as? [Double] == [0.001, 0.0003])
        #expect(rate["onEdge"] as? Bool == true)
    }

    @Test func withoutTuningThereAreNoCandidates() {
        #expect(throws: JournalError.self) {
            try Comparison(experiment: "e", outcomes: outcomes("a", [1])).tuningText(for: .plain)
        }
    }

    @Test func anotherMetricAgainstANamedOne() throws {
        let six: [Double] = [1, 2, 3, 4, 5, 6]
        let comparison = Comparison(
            experiment: "e", criteria: .init(metric: .accuracy, against: ["a"]),
            outcomes: outcomes("a", six, accuracy: 0.5) + outcomes("b", six.map { 2 * $0 }, accuracy: 0.9)
                + outcomes("c", six.map { 3 * $0 }, accuracy: 0.4) + outcomes("d", six))
        let text = comparison.text(for: .plain)
        #expect(
            text.hasPrefix(
                """
                e
                Compared by accuracy: higher is better.
                Tested against a only.

                Problem p

                  optimizer  trials  accuracy      95% interval  median  final loss
                  ─────────  ──────  ────────  ────────────────  ──────  ──────────
                  b               6    90.25%  [90.13%, 90.40%]  90.25%       7.000
                  a               6    50.25%  [50.10%, 50.38%]  50.25%       3.500
                  c               6    40.25%  [40.12%, 40.38%]  40.25%       10.50
                  d               6                                           3.500
                  Trials without accuracy: d 6 of 6.

                  against a  wins  losses  ties  difference        95% interval  better      r      p  p corrected
                  ─────────  ────  ──────  ────  ──────────  ──────────────────  ──────  ─────  ─────  ───────────
                  b             6       0     0      40.00%    [40.00%, 40.00%]    100%   1.00  0.031        0.094
                  c             0       6     0     -10.00%  [-10.00%, -10.00%]      0%  -1.00  0.031        0.094
                  d             0       0     0                                       -      -      1            1

                """))
        #expect(
            text.contains(
                "  b and a cannot be told apart in accuracy: b wins on 6 of 6 seeds, p = 0.031 (0.094 corrected for 3"))
        #expect(text.contains("corrected by Holm's method for the tested pairs of the\nproblem. Difference:"))
        let object = try object(comparison)
        #expect(object["metric"] as? String == "accuracy")
        #expect(object["against"] as? [String] == ["a"])
    }
}
