import Testing

@testable import Cluster

@Suite struct SharePlanTests {
    @Test(arguments: [1, 2, 3, 7, 40]) func sharesAreStretchesOfEqualWork(count: Int) {
        let shares = SharePlan.split(Array(10..<50), into: count) { _ in 100 }
        #expect(shares.count == count && shares.flatMap(\.self) == Array(10..<50))
        let sizes = shares.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }

    @Test func aLongTrialHasATaskOfItsOwn() {
        let shares = SharePlan.split(Array(0..<9), into: 3) { $0 == 0 ? 1000 : 10 }
        #expect(shares == [[0], [1, 2, 3, 4], [5, 6, 7, 8]])
        #expect(shares.flatMap(\.self) == Array(0..<9) && shares.allSatisfy { !$0.isEmpty })
    }

    @Test func noShareIsEmptyWhereWorkLiesAtTheEnd() {
        let shares = SharePlan.split(Array(0..<5), into: 4) { $0 == 4 ? 1000 : 1 }
        #expect(shares.count == 4 && shares.allSatisfy { !$0.isEmpty })
    }
}
