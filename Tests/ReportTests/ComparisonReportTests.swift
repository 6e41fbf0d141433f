import Analysis
import Foundation
import Testing

@testable import Report

struct ComparisonReportTests {
    private var comparison: Comparison {
        var outcomes: [TrialOutcome] = []
        for seed in 1...8 {
            let loss = Double(seed) / 8
            outcomes.append(
                TrialOutcome(
                    problem: "mnist", optimizer: "trained", seed: seed, finalLoss: loss, testLoss: loss + 1,
                    accuracy: 0.75, curve: [4, 2, loss]))
            outcomes.append(
                TrialOutcome(
                    problem: "mnist", optimizer: "adam", seed: seed, finalLoss: seed == 8 ? .nan : loss * 2,
                    curve: [4, 3, seed == 8 ? .nan : 2 * loss]))
        }
        return Comparison(
            experiment: "l2l", version: "0123456789ab", question: "Does it learn?", data: ["mnist"],
            unfinishedTrials: 1, outcomes: outcomes
        ) { _, optimizer in
            optimizer == "adam" ? [TunedSetting(name: "learningRate", value: "0.03")] : []
        }
    }

    @Test func text() {
        let lines = comparison.text(for: .plain).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(17).joined(separator: "\n") == """
                l2l@01234567
                Does it learn?
                Data: mnist
                1 evaluation trial has not finished; these figures are without it.

                Problem mnist

                  optimizer  trials  final loss      95% interval  median  test loss  accuracy
                  ─────────  ──────  ──────────  ────────────────  ──────  ─────────  ────────
                  trained         8      0.5625  [0.3594, 0.7656]  0.5625      1.562    75.00%
                  adam            8         inf                     1.125
                  Diverged trials: adam 1 of 8.
                  Tuned on other seeds: adam learningRate 0.03.

                  trained against  wins  losses  ties       p  p corrected
                  ───────────────  ────  ──────  ────  ──────  ───────────
                  adam                8       0     0  0.0078       0.0078
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
                TrialOutcome(
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
}
