import Foundation
import Testing

/// `compare` of several experiments, with targets, by fields and as tables for documents.
@Suite struct CompareSeveralTests {
    let program = try! Program()

    private static func spec(_ name: String, seed: Int = 1, batchSize: Int = 4, rival: String) -> String {
        """
        {"name": "\(name)", "seed": \(seed), "problem": {"kind": "quadratic", "batchSize": \(batchSize), "dimensions": 3},
         "evaluation": {"steps": 30, "repeats": 6,
             "optimizers": [{"kind": "adam", "learningRate": 0.03}, {"kind": "\(rival)", "learningRate": 0.003}],
             "problems": [{}, {"name": "wide", "dimensions": 6}]}}
        """
    }

    init() throws {
        try program.write(Self.spec("a", rival: "sgd"), to: "a.json")
        try program.write(Self.spec("b", rival: "momentum"), to: "b.json")
        try program.write(Self.spec("c", batchSize: 16, rival: "sgd"), to: "c.json")
        try program.write(Self.spec("d", seed: 2, rival: "sgd"), to: "d.json")
        try #require(try program.call("run", "a.json", "b.json", "c.json", "d.json", "--quiet").code == 0)
    }

    private func json(_ arguments: String...) throws -> [String: Any] {
        let text = try program.start(["compare"] + arguments + ["--format", "json"]).outcome().output
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func pairs(_ comparison: [String: Any]) throws -> [[String: Any]] {
        try #require((comparison["problems"] as? [[String: Any]])?.first?["pairs"] as? [[String: Any]])
    }

    @Test func equalProblemsArePairedBySeed() throws {
        let comparison = try json("a", "b")
        #expect((comparison["experiments"] as? [[String: Any]])?.map { $0["name"] as? String } == ["a", "b"])
        let optimizers = try #require(
            (comparison["problems"] as? [[String: Any]])?.first?["optimizers"] as? [[String: Any]])
        #expect(Set(optimizers.compactMap { $0["name"] as? String }) == ["adam (a)", "adam (b)", "sgd", "momentum"])
        let pairs = try pairs(comparison)
        #expect(pairs.count == 6)
        #expect(pairs.allSatisfy { $0["test"] as? String == "signed-rank" })
        // Both ran the same trials.
        let adams = try #require(pairs.first { $0["a"] as? String == "adam (a)" && $0["b"] as? String == "adam (b)" })
        #expect(adams["ties"] as? Int == 6)
    }

    @Test func otherProblemsAndSeedsAreTwoSamples() throws {
        let others = try pairs(json("a", "c", "--against", "adam"))
        let reason = "trials of a and c are no pairs: they differ in problem.batchSize (4 in a, 16 in c)"
        #expect(Set(others.compactMap { $0["whyUnpaired"] as? String }) == [reason])
        #expect(others.count { $0["test"] as? String == "rank-sum" } == 3)
        #expect(others.count == 5)
        let seeds = try pairs(json("a", "d"))
        #expect(
            Set(seeds.compactMap { $0["whyUnpaired"] as? String })
                == ["trials of a and d are no pairs: they have no seed in common"])
        let text = try program.call("compare", "a", "d").output
        #expect(text.contains("Tested as two samples: trials of a and d are no pairs: they have no seed in common."))
    }

    @Test func groupsByAnyField() throws {
        let problems = try program.call("compare", "a", "--by", "dimensions")
        #expect(problems.code == 0)
        #expect(problems.output.contains("By dimensions: mean final loss"))
        #expect(problems.output.contains("dimensions 6: 6 seeds of wide"))
        let rates = try program.call("compare", "a", "--by", "learningRate", "--problem", "wide").output
        #expect(rates.contains("Problem wide by learningRate: mean final loss"))
        #expect(try program.call("compare", "a", "c", "--by", "experiment").output.contains("experiment c: 6 seeds"))
        #expect(try program.call("compare", "a", "c", "--by", "problem.batchSize").code == 0)
        // The optimizers' kinds differ, and the problems' do not: so it is theirs that is meant.
        #expect(try program.call("compare", "a", "--by", "kind").output.contains("by kind: mean final loss"))
    }

    @Test func targetsAreToldWithTheirTimes() throws {
        let outcome = try program.call("compare", "a", "--target", "0.5", "--window", "1")
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("Steps to loss 0.5 or lower (each recorded point by itself)"))
        let comparison = try json("a", "--target", "0.5", "--metric", "loss", "--window", "3")
        let target = try #require((comparison["problems"] as? [[String: Any]])?.first?["target"] as? [String: Any])
        #expect(comparison["metric"] as? String == "finalLoss")
        #expect(target["metric"] as? String == "loss" && target["window"] as? Int == 3)
        let summaries = try #require(target["optimizers"] as? [[String: Any]])
        #expect(summaries.map { $0["trials"] as? Int } == [6, 6])
    }

    @Test func documentsStandAlone() throws {
        let markdown = try program.call("compare", "a", "--format", "markdown")
        #expect(markdown.code == 0 && markdown.output.hasPrefix("# a\n"))
        let latex = try program.call("compare", "a", "b", "--format", "latex", "--target", "0.5")
        #expect(latex.code == 0 && latex.output.components(separatedBy: "\\begin{table}").count == 7)
    }

    @Test(arguments: [
        (["a", "a"], 64, "give each once"), (["a", "nothing"], 66, "no experiment nothing"),
        (["a", "b", "--problem", "narrow"], 66, "a and b have no problem narrow; their problems are quadratic, wide"),
        (["a", "--by", "learningrate"], 64, "did you mean learningRate?"),
        (["a", "--by", "batchSize"], 64, "all trials of a have batchSize 4; they differ in seed, problem, optimizer"),
        (["a", "--window", "3"], 64, "--target"),
        (["a", "--target", "1", "--window", "0"], 64, "1 or more"), (["a", "--target", "nan"], 64, "--target"),
        (["a", "--tuning", "--format", "latex"], 64, "--tuning"), ([], 64, "experiments"),
        (["a", "b", "--against", "lion"], 66, "a and b have no optimizer lion"),
    ])
    func wrongUseIsTold(arguments: [String], code: Int, word: String) throws {
        let outcome = try program.start(["compare"] + arguments).outcome()
        #expect(outcome.code == Int32(code))
        #expect(outcome.output.isEmpty)
        #expect(outcome.messages.contains(word))
    }
}
