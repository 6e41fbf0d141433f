import Foundation
import Testing

/// Lists that grow and ranges that are searched, as a person runs them.
@Suite struct TuningTests {
    let program = try! Program()

    init() throws {
        try program.write(
            """
            {"name": "rivals", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
             "evaluation": {"steps": 20, "repeats": 2, "tuning": {"repeats": 2, "budget": 5}, "optimizers": [
                 {"kind": "sgd", "learningRate": {"tune": [0.001, 0.0001]}},
                 {"kind": "momentum", "learningRate": {"tune": {"low": 0.001, "high": 0.1, "scale": "log"}},
                  "momentum": {"tune": {"low": 0, "high": 0.9, "scale": "linear"}}}]}}
            """, to: "rivals.json")
    }

    private func tuning(_ optimizer: String) throws -> [String: [String: Any]] {
        let text = try program.call("compare", "rivals", "--format", "json").output
        let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let optimizers = (object["problems"] as? [[String: Any]])?.first?["optimizers"] as? [[String: Any]]
        let found = try #require(optimizers?.first { $0["name"] as? String == optimizer })
        return try #require(found["tuning"] as? [String: [String: Any]])
    }

    @Test func whatIsTriedGrowsFromRoundToRound() throws {
        let dry = try program.call("run", "rivals.json", "--dry-run")
        #expect(dry.output.contains("18 trials (14 tuning, 4 evaluation)"))
        #expect(
            dry.lines.contains(
                "tuning sgd on quadratic: a list whose best lies at its edge grows (learningRate up to 3 times), which means "
                    + "further trials"))
        #expect(try program.call("run", "rivals.json", "--quiet").code == 0)
        let again = try program.call("run", "rivals.json")
        #expect(again.messages.contains("nothing left to do"))

        let rate = try #require(try tuning("sgd")["learningRate"])
        let rates = try #require(rate["candidates"] as? [Double])
        #expect(Array(rates.prefix(3)) == [0.001, 0.0001, 0.01] && rates.count <= 5)
        let momentum = try tuning("momentum")
        #expect((momentum["learningRate"]?["candidates"] as? [Double])?.count == 5)
        #expect((momentum["momentum"]?["candidates"] as? [Double])?.count == 5)
        let trials = try program.call("query", "trials", "--format", "csv").lines.count - 1
        #expect(trials == 2 * rates.count + 2 * 5 + 4)
        // Trials stand where they would stand had all been known at first.
        let kinds = try program.call("query", "--sql", "SELECT kind FROM trials ORDER BY position", "--format", "csv")
        #expect(kinds.lines.dropFirst().suffix(4).allSatisfy { $0 == "evaluation" })
    }

    @Test func aListGrowsNoFurtherThanItMay() throws {
        let run = try program.call("run", "rivals.json", "--set", "evaluation.tuning.growth=0")
        #expect(run.messages.contains("18 of 18 trials completed"))
        let more = try program.call("run", "rivals.json", "--set", "evaluation.tuning.growth=1")
        #expect(more.messages.contains("20 of 20 trials completed"))
        #expect(more.messages.contains("taken over from rivals@"))
    }

    @Test func aRangeHasABudget() throws {
        try program.write(
            """
            {"name": "boundless", "problem": {"kind": "quadratic"}, "evaluation": {"optimizers": [
                {"kind": "sgd", "learningRate": {"tune": {"low": 0.001, "high": 1}}}]}}
            """, to: "boundless.json")
        let run = try program.call("run", "boundless.json")
        #expect(run.code == 65 && run.messages.contains("evaluation.tuning.budget: found nothing"))
        #expect(!program.has("journal.sqlite"))
        #expect(try program.call("run", "boundless.json", "--dry-run", "--set", "evaluation.tuning.budget=3").code == 0)
    }
}
