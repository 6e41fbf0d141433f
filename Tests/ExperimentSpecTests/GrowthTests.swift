import Nouns
import Testing

@testable import ExperimentSpec

/// Lists of numbers that grow where their best lies at an edge.
@Suite struct GrowthTests {
    private func plan(
        _ optimizer: String, _ overrides: String..., knowing knowledge: PlanKnowledge = .nothing
    ) throws -> ExperimentPlan {
        let overrides = ["evaluation.optimizers=[\(optimizer)]", "evaluation.tuning.repeats=2"] + overrides
        return try ExperimentSpec(
            small, file: "", vocabulary: .standard, overrides: overrides.map { try SpecOverride(parsing: $0) }
        ).expanded(knowing: knowledge)
    }

    private func group(_ plan: ExperimentPlan) throws -> TuningGroup {
        let groups = plan.trials.compactMap { trial -> TuningGroup? in
            if case .tuned(let group) = trial.optimizer { group } else { nil }
        }
        #expect(Set(groups).count == 1)
        return try #require(groups.first)
    }

    /// What the candidates' trials come to; those of one candidate differ, and their mean is the loss given.
    private func knowledge(_ group: TuningGroup, _ loss: (JSONValue) -> Double) -> PlanKnowledge {
        let rankings = group.candidates.flatMap { candidate in
            candidate.trials.enumerated().map { ($1, loss(candidate.json) + ($0 == 0 ? 0.5 : -0.5)) }
        }
        return PlanKnowledge(rankings: Dictionary(uniqueKeysWithValues: rankings), choices: [])
    }

    /// The values of a setting that are tried when what is known grows until nothing is left open.
    private func tried(
        _ setting: String, _ optimizer: String, _ overrides: String..., loss: (JSONValue) -> Double
    ) throws -> [[Double]] {
        var knowledge = PlanKnowledge.nothing
        var rounds: [[Double]] = []
        while true {
            let overrides = ["evaluation.optimizers=[\(optimizer)]"] + overrides
            let plan = try ExperimentSpec(
                small, file: "", vocabulary: .standard, overrides: overrides.map { try SpecOverride(parsing: $0) }
            ).expanded(knowing: knowledge)
            let group = try group(plan)
            let values = group.candidates.compactMap { $0.json[setting]?.double }
            let isNew = rounds.last != values
            if isNew { rounds.append(values) }
            guard isNew || plan.isOpen else { return rounds }
            knowledge = self.knowledge(group, loss)
        }
    }

    private func rate(_ json: JSONValue) -> Double { json["learningRate"]?.double ?? .nan }

    @Test func theNextValueHasTheRatioOfTheTwoAtTheEdge() throws {
        let larger = try tried("learningRate", #"{"kind": "sgd", "learningRate": {"tune": [0.1, 0.3, 0.01]}}"#) {
            -rate($0)
        }
        #expect(larger.last?.dropFirst(3) == [0.9, 2.7, 8.1])
        #expect(larger.map(\.count) == [3, 4, 5, 6])
        let smaller = try tried("learningRate", #"{"kind": "sgd", "learningRate": {"tune": [0.1, 0.3, 0.01]}}"#) {
            rate($0)
        }
        #expect(smaller.last?.dropFirst(3) == [0.001, 0.0001, 0.00001])
    }

    @Test func growthEndsWhereTheBestLiesInside() throws {
        let rates = try tried("learningRate", #"{"kind": "sgd", "learningRate": {"tune": [1, 0.1]}}"#) {
            abs(rate($0) - 10)
        }
        #expect(rates == [[1, 0.1], [1, 0.1, 10], [1, 0.1, 10, 100]])
        let settled = try tried("learningRate", #"{"kind": "sgd", "learningRate": {"tune": [1, 0.1, 0.01]}}"#) {
            abs(rate($0) - 0.1)
        }
        #expect(settled == [[1, 0.1, 0.01]])
    }

    @Test(arguments: [(0, 2), (1, 3), (5, 7)]) func aListGrowsSoOftenAtMost(growth: Int, count: Int) throws {
        let rates = try tried(
            "learningRate", #"{"kind": "sgd", "learningRate": {"tune": [1, 0.1]}}"#,
            "evaluation.tuning.growth=\(growth)"
        ) { -rate($0) }
        #expect(rates.last?.count == count)
    }

    @Test func aListMayGrowAtBothEnds() throws {
        // The larger the list, the further off its best: first above, then below.
        let rates = try tried("learningRate", #"{"kind": "sgd", "learningRate": {"tune": [1, 0.1]}}"#) { json in
            [1: 3, 0.1: 2, 10: 4, 0.01: 1, 0.001: 5][rate(json)] ?? 6
        }
        #expect(rates.last == [1, 0.1, 0.01, 0.001])
    }

    /// A momentum is below 1, and iterations are whole.
    @Test func growthEndsWhereTheSettingDoes() throws {
        let momenta = try tried("momentum", #"{"kind": "momentum", "momentum": {"tune": [0.5, 0.9]}}"#) {
            -($0["momentum"]?.double ?? .nan)
        }
        #expect(momenta == [[0.5, 0.9]])
        let none = try tried("momentum", #"{"kind": "momentum", "momentum": {"tune": [0, 0.9]}}"#) {
            $0["momentum"]?.double ?? .nan
        }
        #expect(none == [[0, 0.9]])
        let few = try tried("iterations", #"{"kind": "hessianFree", "iterations": {"tune": [1, 2]}}"#) {
            $0["iterations"]?.double ?? .nan
        }
        #expect(few == [[1, 2]])
        let many = try tried("iterations", #"{"kind": "hessianFree", "iterations": {"tune": [2, 3]}}"#) {
            -($0["iterations"]?.double ?? .nan)
        }
        #expect(many.last == [2, 3, 5, 8, 13])
        let single = try tried(
            "momentum", #"{"kind": "momentum", "momentum": {"tune": [0.99999997, 0.99999994]}}"#
        ) { -($0["momentum"]?.double ?? .nan) }
        #expect(single == [[0.99999997, 0.99999994]])
    }

    @Test func theProductGrowsWithItsLists() throws {
        let optimizer = """
            {"kind": "momentum", "learningRate": {"tune": [1, 0.1]}, "momentum": {"tune": [0.2, 0.4]},
             "schedule": {"tune": ["constant", "linear"]}}
            """
        // Best at the smallest rate and the largest momentum, with the schedule that is named first.
        func loss(_ json: JSONValue) -> Double {
            rate(json) - (json["momentum"]?.double ?? .nan) + (json["schedule"] == "linear" ? 1 : 0)
        }
        let first = try group(plan(optimizer))
        #expect(first.candidates.count == 8 && first.growing == ["learningRate": 3, "momentum": 3])
        let second = try group(plan(optimizer, knowing: knowledge(first, loss)))
        #expect(second.candidates.count == 3 * 3 * 2)
        #expect(second.candidates.prefix(8) == first.candidates.prefix(8))
        let added = second.candidates.dropFirst(8).map(\.json)
        #expect(added.allSatisfy { $0["learningRate"] == 0.01 || $0["momentum"] == 0.8 })
        #expect(Set(added).count == 10)
        // 1.6 is no momentum: this time only rates grow.
        let third = try group(plan(optimizer, knowing: knowledge(second, loss)))
        #expect(third.candidates.count == 4 * 3 * 2 && third.growing == ["learningRate": 1, "momentum": 2])
    }

    @Test(arguments: ["[0.1]", "[0.1, 0.1]"]) func oneValueHasNoRatio(values: String) throws {
        #expect(try group(plan(#"{"kind": "sgd", "learningRate": {"tune": \#(values)}}"#)).growing.isEmpty)
    }

    @Test func whereAllDivergeNothingGrows() throws {
        let optimizer = #"{"kind": "sgd", "learningRate": {"tune": [1, 0.1]}}"#
        let first = try group(plan(optimizer))
        #expect(first.growing == ["learningRate": 3])
        let settled = try group(plan(optimizer, knowing: knowledge(first) { _ in .nan }))
        #expect(settled.candidates == first.candidates && !settled.isOpen)
    }

    @Test func nothingIsSettledBeforeAllTrialsAreKnown() throws {
        let optimizer = #"{"kind": "sgd", "learningRate": {"tune": [1, 0.1]}}"#
        let first = try group(plan(optimizer))
        let some = PlanKnowledge(
            rankings: Dictionary(uniqueKeysWithValues: first.candidates.flatMap(\.trials).dropLast().map { ($0, 1) }),
            choices: [])
        #expect(try plan(optimizer, knowing: some) == plan(optimizer))
        #expect(try plan(optimizer).isOpen)
    }

    /// A choice that was made, by an earlier program that knew of no growth or by this one, stands.
    @Test func whatWasChosenFromStands() throws {
        let optimizer = #"{"kind": "sgd", "learningRate": {"tune": [1, 0.1]}}"#
        let first = try group(plan(optimizer))
        let loss = { (json: JSONValue) in -self.rate(json) }
        let second = try group(plan(optimizer, knowing: knowledge(first, loss)))
        func recorded(_ group: TuningGroup) -> PlanKnowledge {
            PlanKnowledge(
                rankings: Dictionary(
                    uniqueKeysWithValues: second.candidates.flatMap { candidate in
                        candidate.trials.map { ($0, loss(candidate.json)) }
                    }),
                choices: group.candidates.map { ("quadratic", "sgd", nil, $0.json.canonicalText) })
        }
        for chosenFrom in [first, second] {
            let found = try group(plan(optimizer, knowing: recorded(chosenFrom)))
            #expect(found.candidates == chosenFrom.candidates && !found.isOpen)
        }
    }

    /// More knowledge never changes a trial that was planned before.
    @Test func trialsKeepTheirIdentities() throws {
        let optimizer = #"{"kind": "sgd", "learningRate": {"tune": [1, 0.1]}}"#
        let before = try plan(optimizer)
        let after = try plan(optimizer, knowing: knowledge(group(before)) { -rate($0) })
        #expect(Set(before.trials.map(\.id)).isSubset(of: after.trials.map(\.id)))
        #expect(after.trials.count == before.trials.count + 2)
        #expect(
            after.trials.map(\.kind) == Array(repeating: .tuning, count: 6) + Array(repeating: .evaluation, count: 2))
        let places = Dictionary(uniqueKeysWithValues: after.trials.map { ($0.id, $0.index) })
        #expect(after.trials.allSatisfy { trial in trial.dependencies.allSatisfy { places[$0]! < trial.index } })
    }

    /// A default that was not there before makes no new versions.
    @Test func threeIsWhatHoldsWithoutANumber() throws {
        #expect(try spec(small).hash == spec(small, "evaluation.tuning.growth=3").hash)
        #expect(try spec(small).hash != spec(small, "evaluation.tuning.growth=0").hash)
        #expect(
            faults(evaluation: #""optimizers": [{"kind": "sgd"}], "tuning": {"growth": -1}"#) == [
                "spec.json: evaluation.tuning.growth: found -1; allowed: a whole number from 0 to 100"
            ])
    }

    @Test func theListingTellsOfIt() throws {
        let open = try plan(
            #"{"kind": "momentum", "learningRate": {"tune": [1, 0.1]}, "momentum": {"tune": [0.1, 0.2]}}"#)
        let line =
            "tuning momentum on quadratic: a list whose best lies at its edge grows (learningRate up to 3 times, momentum up to "
            + "3 times), which means further trials"
        #expect(open.listing.components(separatedBy: "\n").filter { $0 == line }.count == 1)
        let closed = try plan(
            #"{"kind": "momentum", "learningRate": {"tune": [1, 0.1]}}"#, "evaluation.tuning.growth=0")
        #expect(!closed.listing.contains("grows"))
    }
}
