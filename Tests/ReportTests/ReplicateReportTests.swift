import Analysis
import Foundation
import Testing

@testable import Report

/// How comparisons tell of optimizers that were trained several times.
@Suite struct ReplicateReportTests {
    /// Three replicates on four students, and a rule that one of them doesn't beat.
    private func comparison(_ replicates: Int = 3, diverging: Bool = false) -> Comparison {
        var outcomes: [ComparedTrial] = []
        for (index, shift) in [-0.02, -0.03, 0.01].prefix(replicates).enumerated() {
            for seed in 0..<4 {
                let isLost = diverging && index == 0 && seed == 0
                var trial = ComparedTrial(
                    problem: "digits", optimizer: "trained", seed: seed,
                    finalLoss: isLost ? .nan : 0.3 + shift + 0.01 * Double(seed))
                trial.isLearned = true
                trial.replicate = Replicate(number: index + 1, seed: 1_900_000 + index)
                outcomes.append(trial)
            }
        }
        outcomes += (0..<4).map { seed in
            ComparedTrial(problem: "digits", optimizer: "adam", seed: seed, finalLoss: 0.3 + 0.01 * Double(seed))
        }
        return Comparison(experiment: "e", outcomes: outcomes)
    }

    @Test func textHasTheReplicates() {
        let text = comparison().text(for: .wide)
        #expect(text.contains("optimizer  trials  final loss"))
        let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let trained = rows.first { $0.first == "trained" && $0.dropFirst().first == "12" }
        #expect(trained?.suffix(3) == ["3", "0.3250", "0.3000"])
        #expect(rows.contains { $0.prefix(5) == ["adam", "2", "of", "3", "8"] })
        #expect(text.contains("Replicates of trained with a lower mean, of 3, than: adam 2."))
        #expect(text.contains("trained and adam cannot be told apart: 2 of 3 replicates of trained have a lower mean"))
        #expect(text.contains("pigeonhole bootstrap"))
        #expect(!text.contains("students alone"))
    }

    @Test func oneTrainingIsSaidToBeOne() {
        let text = comparison(1).text(for: .wide)
        #expect(text.contains("trained: one training; its intervals and tests are over students alone."))
        #expect(!text.contains("eplicate"))
        #expect(!text.contains("IQM"))
    }

    @Test func documentsHaveTheSameColumns() {
        let markdown = comparison().markdown()
        #expect(markdown.contains("| median | replicates | worst | IQM |"))
        #expect(markdown.contains("| trained against | replicates | wins |"))
        #expect(markdown.contains("two-way random-effects test"))
        #expect(comparison().latex().contains("replicates & worst & IQM"))
    }

    @Test func jsonHasTheKeysThatAreFixed() throws {
        let object = try JSONSerialization.jsonObject(with: Data(comparison().json().utf8)) as? [String: Any]
        let problem = try #require((object?["problems"] as? [[String: Any]])?.first)
        let optimizers = try #require(problem["optimizers"] as? [[String: Any]])
        let trained = try #require(optimizers.first { $0["name"] as? String == "trained" })
        let replicates = try #require(trained["replicates"] as? [[String: Any]])
        #expect(replicates.map { $0["seed"] as? Int } == [1_900_000, 1_900_001, 1_900_002])
        #expect(replicates.map { ($0["beats"] as? [String: Bool])?["adam"] } == [true, true, false])
        #expect(abs(try #require(replicates[2]["mean"] as? Double) - 0.325) < 1e-12)
        #expect(abs(try #require(trained["interquartileMean"] as? Double) - 0.3) < 1e-12)
        let loss = try #require(trained["finalLoss"] as? [String: Any])
        #expect(loss["intervalMethod"] as? String == "pigeonhole bootstrap")
        #expect(try #require(loss["low"] as? Double) < 0.3 && #require(loss["high"] as? Double) > 0.3)
        let pair = try #require((problem["pairs"] as? [[String: Any]])?.first)
        #expect(pair["replicatesWon"] as? Int == 2)
        #expect(pair["replicatesOf"] as? String == "trained")
        #expect(pair["test"] as? String == "two-way random effects")
        #expect(try #require(pair["pValue"] as? Double) > 0.05)
        let thresholds = try #require(problem["profileThresholds"] as? [Double])
        let shares = try #require(trained["performanceProfile"] as? [Double])
        #expect(thresholds.count == shares.count && shares.first == 0)
        let adam = try #require(optimizers.first { $0["name"] as? String == "adam" })
        #expect((adam["replicates"] as? [Any])?.isEmpty == true && adam["worstReplicate"] is NSNull)
    }

    @Test func aLossThatIsNotFiniteIsCounted() throws {
        let object = try JSONSerialization.jsonObject(with: Data(comparison(diverging: true).json().utf8))
        let problem = try #require(((object as? [String: Any])?["problems"] as? [[String: Any]])?.first)
        let pair = try #require((problem["pairs"] as? [[String: Any]])?.first)
        #expect(pair["test"] as? String == "sign")
        #expect(abs(try #require(pair["pValue"] as? Double) - 1) < 1e-12)
        #expect(pair["replicatesWon"] as? Int == 1)
    }
}

extension Terminal {
    fileprivate static let wide = Terminal(isTerminal: false, width: 160, usesColour: false, usesUnicode: true)
}
