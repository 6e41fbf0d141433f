import Nouns
import Testing

@testable import Analysis

struct FieldGroupingTests {
    private func trial(
        _ optimizer: String, _ seed: Int, _ loss: Double, problem: String = "p", field: JSONValue?
    ) -> ComparedTrial {
        var trial = ComparedTrial(problem: problem, optimizer: optimizer, seed: seed, finalLoss: loss)
        trial.field = field
        return trial
    }

    @Test func trialsOfAProblemThatDifferPartIt() throws {
        let outcomes = (1...12).flatMap { seed in
            let size: JSONValue = seed > 6 ? 64 : 8
            return [trial("a", seed, seed > 6 ? 3 : 1, field: size), trial("b", seed, 2, field: size)]
        }
        let other = trial("a", 1, 1, problem: "same", field: 8)
        let comparison = Comparison(experiment: "e", criteria: .init(field: "batchSize"), outcomes: outcomes + [other])
        let grouping = try #require(comparison.byField)
        #expect(grouping.parts.map(\.problem) == ["p"])
        let groups = grouping.parts[0].groups
        #expect(groups.map(\.content.label) == ["8", "64"])
        #expect(groups.map { $0.comparison.optimizers.map(\.name) } == [["a", "b"], ["b", "a"]])
        #expect(groups.map(\.seeds) == [6, 6])
        #expect(groups[0].comparison.pairs[0].pValue == 0.03125)
        let alone = outcomes.filter { $0.field == 8 }
        #expect(
            groups[0].comparison == ProblemComparison(name: "p", outcomes: alone, criteria: .init(field: "batchSize")))
    }

    @Test func aFieldThatTellsProblemsApartPartsThem() throws {
        let outcomes = (1...3).flatMap { seed in
            [("one", "x"), ("two", "x"), ("three", "y")].flatMap { problem, value in
                ["a", "b"].map { trial($0, seed, Double(seed), problem: problem, field: .string(value)) }
            }
        }
        let none = [trial("a", 1, 1, problem: "four", field: nil)]
        let grouping = try #require(
            Comparison(experiment: "e", criteria: .init(field: "f"), outcomes: outcomes + none).byField)
        #expect(grouping.parts.map(\.problem) == [nil])
        let groups = grouping.parts[0].groups
        #expect(groups.map(\.content.label) == ["x", "y", "not set"])
        #expect(groups.map(\.problems) == [["one", "two"], ["three"], ["four"]])
        // Trials of one seed on two problems are two pairs.
        #expect(groups[0].comparison.pairs.map(\.seeds) == [6])
        #expect(groups[0].comparison.optimizers.map(\.trials) == [6, 6])
    }

    @Test func manyNumbersArePutIntoRanges() throws {
        let rates = (0..<30).map { 0.001 * Double($0 + 1) }
        let outcomes = rates.enumerated().map { trial("a", $0, 1, field: JSONValue($1)) }
        let grouping = try #require(
            Comparison(experiment: "e", criteria: .init(field: "f"), outcomes: outcomes).byField)
        let groups = grouping.parts[0].groups
        #expect(groups.count == 5)
        #expect(groups.map(\.seeds).reduce(0, +) == 30)
        #expect(groups.map(\.content.label).first?.hasPrefix("0.001 to ") == true)
    }

    /// Every number is in one range, whatever numbers there are.
    @Test(arguments: [
        [0.1, 0.01, 0.001, 1, 3, 30, 300], [-1, -0.5, 0, 0.25, 0.3, 7, 9.5], [1e-12, 2e-12, 5e-12, 7e-12, 9e-12, 1e-3],
        [1e20, 2e20, 3e20, 4e20, 5e20, 6e20], [0.1234567, 0.1234568, 0.1234569, 5, 6, 7, 1e9],
    ])
    func rangesPartAllNumbers(values: [Double]) {
        let ranges = RoundRanges.parting(values)
        #expect(ranges.count > 1)
        for value in values { #expect(ranges.count { $0.contains(value) } == 1) }
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }
}
