import JournalStore
import Testing

@testable import Analysis

struct ArchitectureGroupingTests {
    @Test(arguments: [
        (#"{"hidden":[20],"layers":"784-20-10","parameters":15910}"#, 1, 15910),
        (#"{"hidden":[],"layers":"784-10","parameters":7850}"#, 0, 7850),
        (#"{"hidden":[32],"layers":"32x32x3-5x5x16-5x5x16-32-10","parameters":22682}"#, 3, 22682),
        (#"{"depth":19,"hidden":[],"layers":"32x32x3-resnet20-10","parameters":272538}"#, 19, 272_538),
    ])
    func readsWhatIsRecorded(json: String, depth: Int, weights: Int) throws {
        let architecture = try #require(StudentArchitecture(recorded: json))
        #expect((architecture.depth, architecture.weights) == (depth, weights))
    }

    @Test func anEnsembleIsNotOneNetwork() {
        #expect(StudentArchitecture(recorded: #"[null,{"hidden":[2],"layers":"4-2-3","parameters":19}]"#) == nil)
    }

    /// Students of one, two and ten layers. On shallow ones `adam` has half the loss of `sgd`; on deep ones twice.
    private var outcomes: [ComparedTrial] {
        (1...14).flatMap { seed in
            let layers = seed <= 6 ? "4-2-3" : seed <= 8 ? "4-2-2-3" : "4-2-2-2-2-2-2-2-2-2-2-3"
            let student = StudentArchitecture(layers: layers, weights: seed * 100)
            let loss = Double(seed)
            return [("adam", seed <= 8 ? loss / 2 : 2 * loss), ("sgd", loss)].map { optimizer, loss in
                ComparedTrial(problem: "p", optimizer: optimizer, seed: seed, finalLoss: loss, architecture: student)
            }
        }
    }

    @Test func eachDepthIsAComparisonOfItsOwn() throws {
        let problem = try #require(Comparison(experiment: "e", outcomes: outcomes).problems.first)
        let groups = try #require(problem.grouping(by: .depth)).groups
        #expect(groups.map(\.range) == [1..<2, 2..<3, 10..<11])
        #expect(groups.map(\.students.count) == [6, 2, 6])
        #expect(groups.map { $0.comparison.optimizers[0].name } == ["adam", "adam", "sgd"])
        #expect(groups.map { $0.comparison.optimizers[0].finalLoss.mean } == [1.75, 3.75, 11.5])
        #expect(groups.map { $0.comparison.optimizers[1].finalLoss.mean } == [3.5, 7.5, 23])
        // Six pairs, all one way: p = 2 / 2⁶.
        #expect(groups.map { $0.comparison.pairs[0].pValue } == [0.03125, 0.5, 0.03125])
        #expect(groups[2].comparison.verdict == "sgd beats adam on 6 of 6 seeds, p = 0.031")
        #expect(groups.allSatisfy { $0.comparison.groupings.isEmpty })
    }

    @Test func aGroupIsWhatTheComparisonOfItsTrialsAloneIs() throws {
        let problem = try #require(Comparison(experiment: "e", outcomes: outcomes).problems.first)
        for property in ArchitectureProperty.allCases {
            for group in try #require(problem.grouping(by: property)).groups {
                let alone = outcomes.filter { group.range.contains(property.value(of: $0.architecture!)) }
                #expect(group.comparison == ProblemComparison(name: "p", outcomes: alone))
                #expect(group.students == alone.students)
            }
        }
    }

    @Test func weightsAreGroupedBetweenRoundNumbers() throws {
        let problem = try #require(Comparison(experiment: "e", outcomes: outcomes.reversed()).problems.first)
        let groups = try #require(problem.grouping(by: .weights)).groups
        #expect(groups.map(\.range) == [100..<800, 800..<1500])
        #expect(groups.map(\.students.count) == [7, 7])
        #expect(problem.students.map(\.weights) == (1...14).map { $0 * 100 })
    }

    @Test func whatIsAlikeIsNotGrouped() throws {
        let alike = outcomes.filter { $0.seed <= 6 }
        let problem = try #require(Comparison(experiment: "e", outcomes: alike).problems.first)
        #expect(problem.groupings.map(\.property) == [.weights])
        #expect(problem.reasonForNoGroups(by: .depth) == "all students have 1 hidden layer")
    }

    @Test func whyThereAreNoGroupsIsSaid() throws {
        let alike = outcomes.filter { $0.seed <= 6 }
        let error = #expect(throws: JournalError.self) {
            try Comparison(experiment: "e", outcomes: alike).requireGroups(by: .depth)
        }
        #expect(
            error?.message == """
                e has no groups by depth: on p all students have 1 hidden layer. Use --by weights or no --by, or a \
                spec that draws its students, such as "student": {"random": {"layers": [1, 10], "units": [1, 128]}}
                """)
        #expect(error?.exitCode == 64)
        let valley = [ComparedTrial(problem: "valley", optimizer: "adam", seed: 1, finalLoss: 0)]
        let other = #expect(throws: JournalError.self) {
            try Comparison(experiment: "e", outcomes: valley).requireGroups(by: .weights)
        }
        let reason = "on valley there is no student, or more than one at a time. Use no --by, or a spec"
        #expect(other?.message.contains(reason) == true)
        let one = ProblemComparison(name: "p", outcomes: Array(outcomes.prefix(2)))
        #expect(one.reasonForNoGroups(by: .weights) == "all students are 4-2-3")
    }

    @Test func oneProblemWithGroupsIsEnough() throws {
        let fixed = ComparedTrial(problem: "fixed", optimizer: "adam", seed: 1, finalLoss: 0)
        try Comparison(experiment: "e", outcomes: outcomes + [fixed]).requireGroups(by: .depth)
        try Comparison(experiment: "e", outcomes: []).requireGroups(by: .depth)
    }
}
