import Nouns
import Testing
import TrialKinds

@testable import ExperimentSpec

/// Ranges of settings that are searched.
@Suite struct SearchTests {
    private func candidates(_ optimizer: String, budget: Int = 64, _ overrides: String...) throws -> [[String:
        JSONValue]]
    {
        let overrides = ["evaluation.optimizers=[\(optimizer)]", "evaluation.tuning.budget=\(budget)"] + overrides
        return try ExperimentSpec(
            small, file: "", vocabulary: .standard, overrides: overrides.map { try SpecOverride(parsing: $0) }
        ).candidates
    }

    private func numbers(_ setting: String, _ candidates: [[String: JSONValue]]) -> [Double] {
        candidates.compactMap { $0[setting]?.double }
    }

    private static let rate = #""learningRate": {"tune": {"low": 0.001, "high": 1, "scale": "log"}}"#
    private static let share = #""momentum": {"tune": {"low": 0, "high": 0.99, "scale": "linear"}}"#
    private static let both = #"{"kind": "momentum", \#(rate), \#(share)}"#

    @Test func thereAreAsManyAsTheBudgetSays() throws {
        for budget in [1, 7, 64] {
            let found = try candidates(Self.both, budget: budget)
            #expect(found.count == budget && Set(found).count == budget)
            #expect(numbers("learningRate", found).allSatisfy { (0.001...1).contains($0) })
            #expect(numbers("momentum", found).allSatisfy { (0...0.99).contains($0) })
        }
    }

    /// From one point to the next each coordinate goes on by 1 / φⁱ, with the roots that Roberts 2018 gives.
    @Test(arguments: [1, 2, 3]) func pointsFollowTheSequence(dimensions: Int) throws {
        let root = [1.61803398874989484820, 1.32471795724474602596, 1.22074408460575947536][dimensions - 1]
        let names = ["beta1", "beta2", "learningRate"].prefix(dimensions)
        let ranges = names.map { #""\#($0)": {"tune": {"low": 0.1, "high": 0.9, "scale": "linear"}}"# }
        let found = try candidates("{\"kind\": \"adam\", \(ranges.joined(separator: ", "))}")
        var step = 1.0
        for name in names {
            step /= root
            let shares = numbers(name, found).map { ($0 - 0.1) / 0.8 }
            try #require(shares.count == 64)
            for (before, after) in zip(shares, shares.dropFirst()) {
                let gone = after - before + (after < before ? 1 : 0)
                #expect(abs(gone - step) < 1e-3, "\(name)")
            }
        }
    }

    /// Every part of the square has about its share of the points: far more evenly than at random, where of 64 points an
    /// eighth of the square would have 8 with a deviation of 2.6.
    @Test func pointsFillTheRangesEvenly() throws {
        let found = try candidates(Self.both)
        let columns = numbers("learningRate", found).map { value in [0.001, 0.01, 0.1].lastIndex { value >= $0 } ?? 0 }
        let rows = numbers("momentum", found).map { $0 < 0.495 ? 0 : 1 }
        for column in 0..<3 {
            for row in 0..<2 {
                let count = zip(columns, rows).count { $0 == column && $1 == row }
                #expect(abs(Double(count) - 64.0 / 6) < 2.7)
            }
        }
        // Any 8 in a row of one setting leave no gap of a quarter.
        let shares = numbers("momentum", found).map { $0 / 0.99 }
        for start in 0..<56 {
            let sorted = shares[start..<start + 8].sorted()
            let gaps = zip([0] + sorted, sorted + [1]).map { $1 - $0 }
            #expect(gaps.max()! < 0.35)
        }
    }

    @Test func aLogarithmicScaleIsEvenInLogarithms() throws {
        let even = numbers(
            "learningRate", try candidates(#"{"kind": "sgd", \#(Self.rate.replacing("log", with: "linear"))}"#))
        let logarithmic = numbers("learningRate", try candidates(#"{"kind": "sgd", \#(Self.rate)}"#))
        try #require(even.count == 64 && logarithmic.count == 64)
        for (value, found) in zip(even, logarithmic) {
            var expected = 0.001
            // 1000 to the share, as a product of ten powers of ten each of a tenth.
            let share = (value - 0.001) / 0.999
            var (term, sum) = (1.0, 1.0)
            for index in 1...60 {
                term *= share * 6.907755278982137 / Double(index)
                sum += term
            }
            expected *= sum
            #expect(abs(found / expected - 1) < 2e-3)
        }
    }

    @Test func pointsFollowFromTheSeed() throws {
        #expect(try candidates(Self.both) == candidates(Self.both))
        let other = try candidates(Self.both, "seed=2")
        #expect(try Set(candidates(Self.both)).isDisjoint(with: other))
        // More of them begin with the same.
        #expect(try candidates(Self.both, budget: 100).prefix(64) == candidates(Self.both)[...])
    }

    @Test func listsMakeTheirProductWithThePoints() throws {
        let optimizer =
            #"{"kind": "momentum", \#(Self.rate), "momentum": {"tune": [0.5, 0.9]}, "schedule": {"tune": ["constant", "linear"]}}"#
        let found = try candidates(optimizer, budget: 8)
        #expect(found.count == 2 * 2 * 8 && Set(found).count == 32)
        let rates = Set(numbers("learningRate", found))
        #expect(rates.count == 8)
        for (momentum, schedule) in [(0.5, "constant"), (0.5, "linear"), (0.9, "constant"), (0.9, "linear")] {
            let part = found.filter { $0["momentum"] == JSONValue(momentum) && $0["schedule"] == .string(schedule) }
            #expect(Set(numbers("learningRate", part)) == rates)
        }
        let plan = try spec(
            small, "evaluation.optimizers=[\(optimizer)]", "evaluation.tuning.budget=8", "evaluation.tuning.repeats=1"
        ).expanded()
        #expect(plan.trials.count { $0.kind == .tuning } == 32)
        #expect(plan.listing.contains("momentum up to 3 times") && !plan.listing.contains("learningRate up to"))
    }

    @Test func wholeNumbersStayWholeAndAreTriedOnce() throws {
        let found = try candidates(
            #"{"kind": "hessianFree", "iterations": {"tune": {"low": 1, "high": 5, "scale": "linear"}}}"#)
        #expect(Set(found.compactMap { $0["iterations"]?.integer }) == [1, 2, 3, 4, 5])
        #expect(found.count == 5)
    }

    @Test func theScaleIsLogarithmicWhereNothingIsSaid() throws {
        let short = #"{"kind": "sgd", "learningRate": {"tune": {"low": 0.001, "high": 1}}}"#
        let long = #"{"kind": "sgd", \#(Self.rate)}"#
        func hash(_ optimizer: String) throws -> String {
            try spec(small, "evaluation.optimizers=[\(optimizer)]", "evaluation.tuning.budget=4").hash
        }
        #expect(try hash(short) == hash(long))
        #expect(try candidates(short) == candidates(long))
    }

    @Test func overridesReachIntoRanges() throws {
        let found = try spec(
            small, "evaluation.optimizers.0.learningRate.tune.low=0.1",
            "evaluation.optimizers.0.learningRate.tune.high=0.2",
            "evaluation.tuning.budget=3"
        ).candidates
        #expect(found.count == 3 && numbers("learningRate", found).allSatisfy { (0.1...0.2).contains($0) })
    }

    @Test func labelsTellRangesApart() throws {
        let plan = try spec(
            small,
            "evaluation.optimizers=[{\"kind\": \"sgd\", \(Self.rate)}, {\"kind\": \"sgd\", \"learningRate\": 0.5}]",
            "evaluation.tuning.budget=2"
        ).expanded()
        #expect(
            Set(plan.trials.filter { $0.kind == .evaluation }.map(\.optimizerLabel)) == [
                "sgd (learningRate searched from 0.001 to 1, log, budget 2, repeats 5)", "sgd (learningRate 0.5)",
            ])
    }

    private static let place = "evaluation.optimizers[0].learningRate.tune"

    @Test(arguments: [
        (#"{"low": 1, "high": 0.1}"#, "\(place).high: found 0.1; allowed: more than \"low\", which is 1"),
        (#"{"low": 1}"#, "\(place).high: found nothing; allowed: a number greater than 0"),
        (#"{"low": 0, "high": 1}"#, "\(place).low: found 0; allowed: a number greater than 0"),
        (#"{"low": 1, "hight": 2}"#, "did you mean \"high\"?"),
        (#"{"low": 1, "high": 2, "scale": "exp"}"#, "\(place).scale: found \"exp\"; allowed: \"log\" or \"linear\""),
        (
            "3",
            "\(place): found 3; allowed: a list of at least one: a number greater than 0, or an object with the fields "
        ),
    ])
    func faultsOfRangesAreTold(range: String, fault: String) throws {
        let found = faults(
            evaluation:
                #""tuning": {"budget": 4}, "optimizers": [{"kind": "sgd", "learningRate": {"tune": \#(range)}}]"#)
        #expect(found.contains { $0.contains(fault) }, "\(found)")
    }

    @Test func aLogarithmicRangeBeginsAboveZero() {
        #expect(
            faults(
                evaluation:
                    #""tuning": {"budget": 4}, "optimizers": [{"kind": "momentum", "momentum": {"tune": {"low": 0, "high": 0.9}}}]"#
            ) == [
                "spec.json: evaluation.optimizers[0].momentum.tune.low: found 0; allowed: a number greater than 0, or the \"scale\" \"linear\""
            ])
    }

    @Test func aBudgetIsThereWhereSomethingIsSearchedAndOnlyThere() {
        let searched = #""optimizers": [{"kind": "adam"}, {"kind": "sgd", \#(Self.rate)}]"#
        #expect(
            faults(evaluation: searched) == [
                "spec.json: evaluation.tuning.budget: found nothing; allowed: how many candidates to search with, 32 for example, as ranges of evaluation.optimizers[1] are to be searched"
            ])
        #expect(faults(evaluation: searched + #", "tuning": {"budget": 3}"#).isEmpty)
        #expect(
            faults(evaluation: #""optimizers": [{"kind": "adam"}], "tuning": {"budget": 3}"#) == [
                "spec.json: evaluation.tuning.budget: found 3; allowed: none, as no optimizer has a range to search: {\"tune\": {\"low\": ..., \"high\": ...}}"
            ])
        #expect(faults(evaluation: searched + #", "tuning": {"budget": 0}"#).count == 1)
        let many = #""optimizers": [{"kind": "momentum", \#(Self.rate), "momentum": {"tune": [0.1, 0.2, 0.3]}}]"#
        #expect(
            faults(evaluation: many + #", "tuning": {"budget": 5000}"#).contains {
                $0.contains("more than 10000 combinations")
            })
    }
}
