import Foundation
import Testing

/// `compare` as a person calls it.
@Suite struct CompareTests {
    let program = try! Program()

    init() throws {
        try program.write(
            """
            {"name": "edge", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
             "evaluation": {"steps": 20, "repeats": 6, "tuning": {"repeats": 2, "growth": 1}, "optimizers": [
                 {"kind": "sgd", "learningRate": {"tune": [0.001, 0.0001]},
                  "schedule": {"tune": [{"kind": "linear", "warmup": 5}, "constant"]}},
                 {"kind": "momentum", "learningRate": {"tune": [1e30, 1e35]}}, {"kind": "adam"}]}}
            """, to: "edge.json")
        try #require(try program.call("run", "edge.json", "--quiet").code == 0)
    }

    private func json(_ arguments: String...) throws -> [String: Any] {
        let text = try program.start(["compare", "edge", "--format", "json"] + arguments).outcome().output
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func tuningIsToldWithItsEdges() throws {
        let text = try program.call("compare", "edge").output
        #expect(text.contains("On the edge of its grid: sgd learningRate 0.01, the largest tried."))
        #expect(text.contains("Tuning found nothing for momentum: every candidate diverged"))
        let candidates = try program.call("compare", "edge", "--tuning")
        #expect(candidates.code == 0)
        #expect(candidates.output.contains("Candidates of sgd on quadratic"))
        #expect(candidates.output.contains("Candidates of momentum on quadratic"))
        #expect(!candidates.output.contains("Candidates of adam"))
        #expect(candidates.lines.contains { $0.hasSuffix("inf        2         2") })

        let problem = try #require((try json()["problems"] as? [[String: Any]])?.first)
        let optimizers = try #require(problem["optimizers"] as? [[String: Any]])
        let sgd = try #require(optimizers.first { $0["name"] as? String == "sgd" })
        #expect((sgd["tuned"] as? [String: Any])?["learningRate"] as? Double == 0.01)
        let tuning = try #require(sgd["tuning"] as? [String: [String: Any]])
        let rate = try #require(tuning["learningRate"])
        #expect(rate["chosen"] as? Double == 0.01)
        #expect(rate["candidates"] as? [Double] == [0.001, 0.0001, 0.01])
        #expect(rate["onEdge"] as? Bool == true)
        let schedule = try #require(tuning["schedule"])
        #expect(schedule["chosen"] as? String == "constant")
        let schedules = try #require(schedule["candidates"] as? [Any])
        #expect((schedules.first as? [String: Any])?["warmup"] as? Int == 5 && schedules.last as? String == "constant")
        #expect(schedule["onEdge"] as? Bool == false)
    }

    @Test func metricAndRivalsAreChosen() throws {
        let comparison = try json("--metric", "bestLoss", "--against", "adam")
        #expect(comparison["metric"] as? String == "bestLoss")
        #expect(comparison["against"] as? [String] == ["adam"])
        #expect(((comparison["kernelTables"] as? [[String: Any]])?.first?["trials"] as? Int) == 18)
        let pairs = try #require((comparison["problems"] as? [[String: Any]])?.first?["pairs"] as? [[String: Any]])
        #expect(pairs.count == 2)
        #expect(pairs.allSatisfy { $0["a"] as? String == "adam" || $0["b"] as? String == "adam" })
        let text = try program.call("compare", "edge", "--metric", "bestLoss", "--against", "adam").output
        #expect(text.contains("Compared by best loss: lower is better.\nTested against adam only."))
    }

    @Test func copiesOfOneComputationAreNoEvidence() throws {
        try program.write(
            """
            {"name": "copies", "problem": {"kind": "simple"}, "evaluation": {"steps": 3, "repeats": 8, "optimizers": [
                {"kind": "sgd", "learningRate": 0.1}, {"kind": "sgd", "learningRate": 0.1000001}]}}
            """, to: "copies.json")
        try #require(try program.call("run", "copies.json", "--quiet").code == 0)
        let text = try program.call("compare", "copies").output
        #expect(!text.contains("p = "))
    }

    @Test(arguments: [
        (["--metric", "accuracy"], 64, "finalLoss, bestLoss"),
        (["--metric", "speed"], 64, "its trials have finalLoss, bestLoss"),
        (["--against", "adamw"], 66, "sgd, momentum, adam"), (["--tuning", "--by", "depth"], 64, "one of them"),
    ])
    func wrongUseIsTold(arguments: [String], code: Int, word: String) throws {
        let outcome = try program.start(["compare", "edge"] + arguments).outcome()
        #expect(outcome.code == Int32(code))
        #expect(outcome.output.isEmpty)
        #expect(outcome.messages.contains(word))
    }
}
