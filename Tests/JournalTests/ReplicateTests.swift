import Foundation
import Testing

/// Optimizers that are trained several times, as a person sees them.
@Suite struct ReplicateTests {
    let program = try! Program()

    private static let spec = """
        {"name": "three", "seed": 3, "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
         "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 10, "unrollLength": 5,
             "repeats": 3, "evaluation": {"every": 1, "epochs": 1}},
         "evaluation": {"steps": 10, "repeats": 4, "optimizers": [{"kind": "trained"}, {"kind": "adam"}]}}
        """

    private func run() throws {
        try program.write(Self.spec, to: "three.json")
        let run = try program.call("run", "three.json", "--quiet")
        try #require(run.code == 0, "\(run.messages)")
    }

    @Test func everyCommandShowsThem() throws {
        try program.write(Self.spec, to: "three.json")
        let plan = try program.call("run", "three.json", "--dry-run")
        #expect(plan.output.contains("19 trials (3 metaTraining, 16 evaluation)"))
        #expect(plan.output.contains("replicate  seed"))
        try run()
        let again = try program.call("run", "three.json")
        #expect(again.messages.contains("nothing left to do; all 19 trials are completed"))

        let query = try program.call(
            "query", "trials", "--where", "kind = 'metaTraining'", "--format", "csv", "--sort", "-replicate")
        let header = try #require(query.lines.first).split(separator: ",", omittingEmptySubsequences: false)
        let column = try #require(header.firstIndex(of: "replicate"))
        let numbers = query.lines.dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false)[column]
        }
        #expect(numbers == ["3", "2", "1"])
        #expect(try program.call("query", "trials").lines.contains { $0.contains("replicate") })

        let show = try program.call("show", "three")
        #expect(show.output.contains(", replicate 2: lstm, evaluation loss"))
        #expect(try program.call("show", "2").output.hasPrefix("Trial 2: metaTraining of trained/2 on quadratic"))
        let compared = try program.call("compare", "three", "--format", "json")
        let object = try JSONSerialization.jsonObject(with: Data(compared.output.utf8)) as? [String: Any]
        let problem = try #require((object?["problems"] as? [[String: Any]])?.first)
        let optimizers = try #require(problem["optimizers"] as? [[String: Any]])
        let replicates = optimizers.compactMap { $0["replicates"] as? [[String: Any]] }.filter { !$0.isEmpty }
        #expect(replicates.map { $0.map { $0["seed"] as? Int } } == [[3_900_000, 3_900_001, 3_900_002]])
    }

    /// A run of a replicated optimizer is the mean of one, and its intervals are over replicates and students.
    @Test func plotsShowThem() throws {
        try run()
        func page(_ arguments: String...) throws -> String {
            let outcome = try program.start(["plot", "three"] + arguments + ["--to", "chart.html"]).outcome()
            #expect(outcome.code == 0, "\(outcome.messages)")
            return try String(contentsOf: program.folder.appendingPathComponent("chart.html"), encoding: .utf8)
        }
        let curves = try page("--metric", "loss")
        #expect(curves.contains("n = 3") && curves.contains("n = 4") && !curves.contains("n = 12"))
        #expect(curves.contains("n is how many there are, and a run the mean of one"))
        #expect(try page("--metric", "metaLoss").contains("n = 3"))
        let differences = try page("--kind", "differences", "--against", "adam")
        #expect(differences.contains("n = 12") && differences.contains("two-way random-effects"))
        #expect(try page("--kind", "profile").contains("takes runs of one replicate for independent"))
    }

    @Test func whoTakesOneIsToldWhich() throws {
        try run()
        let export = try program.call("export", "optimizer", "three", "--to", "best.safetensors")
        #expect(export.code == 0 && export.messages.hasPrefix("three has 3 replicates; three@"))
        #expect(export.messages.contains("has the lowest evaluation loss"))
        let third = try program.call("export", "optimizer", "three/3", "--to", "third.safetensors")
        #expect(third.code == 0 && !third.messages.contains("replicates"))
        #expect(third.messages.contains("/3 to third.safetensors"))
        let missing = try program.call("export", "optimizer", "three/4", "--to", "fourth.safetensors")
        #expect(missing.code == 66 && missing.messages.contains("has no replicate 4"))

        try program.write(
            """
            {"name": "user", "problem": {"kind": "quadratic"},
             "evaluation": {"steps": 5, "repeats": 2, "optimizers": [{"kind": "stored", "name": "three/3"}]}}
            """, to: "user.json")
        #expect(try program.call("run", "user.json", "--quiet").code == 0)
        // What others use is told before it is deleted.
        let deletion = try program.call("delete", "three")
        #expect(deletion.messages.contains("user") || deletion.output.contains("user"))
    }
}
