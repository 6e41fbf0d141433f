import Foundation
import Testing

/// Students that each trial draws for itself, from the spec to the comparison, as a person sees them.
@Suite struct ArchitectureTests {
    let program = try! Program()
    let trials: [[String: Any]]

    init() throws {
        try program.write(Self.spec, to: "drawn.json")
        try #require(try program.call("run", "drawn.json", "--quiet").code == 0)
        trials = try Self.evaluationTrials(program)
    }

    private static let spec = """
        {"name": "drawn", "seed": 1,
         "problem": {
             "kind": "classification", "dataset": "synthetic-digits", "batchSize": 8,
             "student": {"random": {"layers": [1, 3], "units": [1, 6]}}},
         "evaluation": {
             "steps": 3, "repeats": 12, "optimizers": [{"kind": "adam", "learningRate": 0.1}, {"kind": "sgd"}]}}
        """

    private static func evaluationTrials(_ program: Program) throws -> [[String: Any]] {
        let trials = try program.call("query", "--where", "kind = 'evaluation'", "--sort", "seed", "--format", "json")
        return try #require(JSONSerialization.jsonObject(with: Data(trials.output.utf8)) as? [[String: Any]])
    }

    private func layers(_ trials: [[String: Any]], of optimizer: String) -> [String] {
        trials.filter { $0["optimizer"] as? String == optimizer }.compactMap { $0["layers"] as? String }
    }

    @Test func eachTrialsStudentIsRecordedAndFollowsFromItsSeed() throws {
        #expect(trials.count == 24)
        let drawn = layers(trials, of: "adam")
        #expect(drawn.count == 12 && Set(drawn).count > 6)
        #expect(layers(trials, of: "sgd") == drawn)
        for trial in trials {
            let sizes = try #require(trial["layers"] as? String).split(separator: "-").compactMap { Int($0) }
            #expect(sizes.first == 784 && sizes.last == 10)
            #expect(trial["depth"] as? Int == sizes.count - 2)
            // A matrix from each layer to the next, and a bias for each unit.
            #expect(trial["weights"] as? Int == zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 })
        }
        let again = try Program()
        try again.write(Self.spec, to: "drawn.json")
        try again.call("run", "drawn.json", "--quiet", "--workers", "3", "--set", "evaluation.repeats=5")
        #expect(layers(try Self.evaluationTrials(again), of: "adam") == Array(drawn.prefix(5)))
    }

    @Test(arguments: [("byDepth", "depth"), ("byWeights", "weights")])
    func groupsAreTheTrialsThatTheQueryShows(key: String, column: String) throws {
        let text = try program.call("compare", "drawn", "--format", "json").output
        let comparison = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let problem = try #require((comparison["problems"] as? [[String: Any]])?.first)
        let groups = try #require(problem[key] as? [[String: Any]])
        #expect(groups.count > 1)
        #expect(groups.compactMap { $0["students"] as? Int }.reduce(0, +) == 12)
        for group in groups {
            let range = try #require(group["from"] as? Int)..<#require(group["below"] as? Int)
            for optimizer in try #require(group["optimizers"] as? [[String: Any]]) {
                let losses = trials.filter { trial in
                    trial["optimizer"] as? String == optimizer["name"] as? String
                        && range.contains(trial[column] as? Int ?? -1)
                }.compactMap { $0["finalLoss"] as? Double }
                #expect(optimizer["trials"] as? Int == losses.count && losses.count == group["students"] as? Int)
                let mean = try #require((optimizer["finalLoss"] as? [String: Any])?["mean"] as? Double)
                #expect(abs(mean - losses.reduce(0, +) / Double(losses.count)) < 1e-12)
            }
        }
    }

    @Test func groupsAreShown() throws {
        let whole = try program.call("compare", "drawn").output
        #expect(whole.contains("Mean final loss by depth") && whole.contains("Mean final loss by number of weights"))
        let byDepth = try program.call("compare", "drawn", "--by", "depth")
        #expect(byDepth.code == 0)
        #expect(byDepth.output.contains("3 hidden layers: "))
        #expect(byDepth.output == (try program.call("compare", "drawn", "--by", "depth").output))
        #expect(try program.call("compare", "drawn", "--by", "weights").output.contains(" weights: "))
        #expect(try program.call("query", "--where", "depth = 3", "--sort", "weights").output.contains("784-"))
    }

    @Test func noGroupsIsToldWithWhatIsAllowed() throws {
        let misspelled = try program.call("compare", "drawn", "--by", "depht")
        #expect(misspelled.code == 64)
        #expect(misspelled.messages.contains("no trial of drawn has a field depht; did you mean depth?"))
        try program.write(Specs.quadratic, to: "quadratic.json")
        try program.call("run", "quadratic.json", "--quiet")
        let quadratic = try program.call("compare", "quadratic", "--by", "depth")
        #expect(quadratic.code == 64)
        #expect(quadratic.output.isEmpty)
        #expect(quadratic.messages.contains("on quadratic there is no student"))
    }
}
