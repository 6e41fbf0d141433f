import Testing

@testable import Analysis

/// Comparisons of optimizers that were trained several times.
@Suite struct ReplicateComparisonTests {
    /// What replicate r came to on student s.
    private func trained(_ losses: [[Double]], name: String = "trained") -> [ComparedTrial] {
        losses.enumerated().flatMap { index, row in
            row.enumerated().map { seed, loss in
                var trial = ComparedTrial(
                    problem: "p", optimizer: name, seed: seed, precision: .double, finalLoss: loss)
                trial.replicate = Replicate(number: index + 1, seed: 900 + index)
                trial.isLearned = true
                return trial
            }
        }
    }

    private func rule(_ name: String, _ losses: [Double]) -> [ComparedTrial] {
        losses.enumerated().map {
            ComparedTrial(problem: "p", optimizer: name, seed: $0, precision: .double, finalLoss: $1)
        }
    }

    private func compare(_ outcomes: [ComparedTrial]) -> ProblemComparison {
        ProblemComparison(name: "p", outcomes: outcomes)
    }

    /// Four replicates on five students: three are better than the rule on all, one is worse.
    private let losses: [[Double]] = [
        [0.30, 0.32, 0.28, 0.31, 0.35], [0.29, 0.33, 0.27, 0.30, 0.36], [0.31, 0.31, 0.28, 0.32, 0.34],
        [0.36, 0.38, 0.35, 0.35, 0.41],
    ]
    private let adam = [0.33, 0.35, 0.31, 0.335, 0.38]

    @Test func aRowHasItsReplicates() throws {
        let problem = compare(trained(losses) + rule("adam", adam))
        let optimizer = try #require(problem.optimizers.first { $0.name == "trained" })
        #expect(optimizer.replicates.map(\.replicate) == (0..<4).map { Replicate(number: $0 + 1, seed: 900 + $0) })
        #expect(zip(optimizer.replicates.map(\.mean), [0.312, 0.31, 0.312, 0.37]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(optimizer.replicates.map { $0.beats["adam"] } == [true, true, true, false])
        #expect(abs(optimizer.finalLoss.mean - 0.326) < 1e-12)
        #expect(optimizer.trials == 20)
        #expect(abs(try #require(optimizer.worstReplicate) - 0.37) < 1e-12)
        // The middle ten of twenty.
        let sorted = losses.joined().sorted()
        #expect(abs(optimizer.finalLoss.interquartileMean - sorted[5..<15].reduce(0, +) / 10) < 1e-12)
        #expect(optimizer.finalLoss.interval == BootstrapInterval.pigeonhole(losses))
        #expect(problem.optimizers.first { $0.name == "adam" }?.replicates == [])
    }

    @Test func aPairIsTestedOverReplicatesAndStudents() throws {
        let problem = compare(trained(losses) + rule("adam", adam))
        let pair = try #require(problem.pair("trained", "adam"))
        #expect(pair.a == "trained" && pair.test == .twoWay)
        #expect(pair.replicates == ReplicateTally(optimizer: "trained", count: 4, won: 3))
        let differences = losses.map { zip($0, adam).map { $0 - $1 } }
        #expect(pair.pValue == TwoWayRandomEffects(differences).pValue)
        #expect((pair.wins, pair.losses, pair.ties) == (15, 5, 0))
        #expect(pair.superiority == 0.75)
        #expect(pair.difference.interval == BootstrapInterval.pigeonhole(differences))
        #expect(abs(pair.difference.mean - (0.326 - 0.341)) < 1e-12)
        #expect(
            problem.verdict.hasPrefix(
                "trained and adam cannot be told apart: 3 of 4 replicates of trained have a lower mean than adam, p = ")
        )
    }

    /// Twenty students say that these replicates differ from the rule, but not that others would.
    @Test func whatStudentsAloneSayIsNoEvidenceOfTraining() throws {
        let students = (0..<20).map { 0.3 + 0.01 * Double($0 % 7) }
        let rows = [-0.02, -0.015, 0.012].map { shift in students.map { $0 + shift } }
        let noisy = rows.enumerated().map { r, row in row.enumerated().map { $1 + 0.0001 * Double((3 * $0 + r) % 5) } }
        let pair = try #require(compare(trained(noisy) + rule("adam", students)).pair("trained", "adam"))
        #expect(try #require(pair.pValue) > 0.4)
        let once = compare(trained([noisy[0]]) + rule("adam", students)).pair("trained", "adam")
        #expect(try #require(once?.pValue) < 1e-4)
        #expect(once?.test == .signedRank && once?.replicates == nil)
    }

    @Test func aVerdictCountsReplicates() {
        let students = (0..<12).map { 0.3 + 0.01 * Double($0 % 5) }
        let rows = (0..<5).map { r in
            students.enumerated().map { $1 - 0.02 - 0.001 * Double(r) + 0.0005 * Double(($0 * r) % 3) }
        }
        let verdict = compare(trained(rows) + rule("adam", students)).verdict
        #expect(verdict.hasPrefix("trained beats adam: 5 of 5 replicates of trained have a lower mean than adam, p = "))
        let worse = compare(trained(rows.map { $0.map { $0 + 0.05 } }) + rule("adam", students)).verdict
        #expect(worse.hasPrefix("adam beats trained: 0 of 5 replicates of trained have a lower mean than adam, p = "))
    }

    /// A loss that is not finite leaves no means to test: replicates are counted.
    @Test func whereATrialDivergedReplicatesAreCounted() throws {
        var rows = (0..<8).map { r -> [Double] in
            let mean = 0.2 + 0.01 * Double(r)
            return (0..<4).map { mean + 0.02 * Double($0) }
        }
        rows[7][2] = .nan
        let problem = compare(trained(rows) + rule("adam", [0.4, 0.42, 0.44, 0.46]))
        let pair = try #require(problem.pair("trained", "adam"))
        #expect(pair.test == .sign && pair.pValue == SignTest.pValue(wins: 7, losses: 1))
        #expect(pair.a == "adam" && pair.replicates == ReplicateTally(optimizer: "trained", count: 8, won: 7))
        #expect((pair.wins, pair.losses) == (1, 31))
        #expect(pair.difference.count == 0)
        let optimizer = try #require(problem.optimizers.first { $0.name == "trained" })
        #expect(optimizer.finalLoss.mean == .infinity && optimizer.finalLoss.interval == nil)
        #expect(optimizer.finalLoss.interquartileMean.isFinite)
        #expect(optimizer.replicates.map { $0.beats["adam"] } == Array(repeating: true, count: 7) + [false])
    }

    /// Replicates of one number were trained from one seed: they are pairs.
    @Test func twoTrainedOptimizersArePairedByReplicate() throws {
        let better = losses.map { $0.map { $0 - 0.01 } }
        let problem = compare(trained(losses) + trained(better, name: "other"))
        let pair = try #require(problem.pair("trained", "other"))
        #expect(pair.a == "other")
        #expect((pair.wins, pair.losses, pair.ties) == (20, 0, 0))
        #expect(try #require(pair.pValue) < 1e-10)
        // How likely a run of the one is better than any of the other on the same student, as rliable has it.
        #expect(try #require(pair.superiority) < 0.75)
    }

    @Test func aReplicateThatHasHardlyBegunIsLeftOut() throws {
        let all = trained(losses).filter { $0.replicate?.number != 4 || $0.seed == 0 }
        let pair = try #require(compare(all + rule("adam", adam)).pair("trained", "adam"))
        #expect((pair.wins, pair.losses) == (15, 0))
        let some = trained(losses).filter { $0.replicate?.number != 4 || $0.seed > 1 }
        let part = try #require(compare(some + rule("adam", adam)).pair("trained", "adam"))
        #expect((part.wins, part.losses) == (9, 3))
    }

    @Test func whereTheSeedChangesNothingReplicatesAreTheEvidence() throws {
        func one(_ loss: Double, _ replicate: Int?) -> ComparedTrial {
            var trial = ComparedTrial(
                problem: "p", optimizer: replicate == nil ? "adam" : "trained", seed: 0, precision: .double,
                finalLoss: loss, standsFor: 20)
            trial.replicate = replicate.map { Replicate(number: $0, seed: $0) }
            return trial
        }
        let problem = compare([one(0.2, 1), one(0.25, 2), one(0.21, 3), one(0.23, 4), one(0.4, nil)])
        let pair = try #require(problem.pair("trained", "adam"))
        #expect(pair.seeds == 4 && pair.seedChangesNothing)
        #expect(try #require(pair.pValue) < 0.001)
        #expect(problem.verdict.hasPrefix("trained beats adam: 4 of 4 replicates"))
    }

    @Test func theOrderOfOutcomesDoesNotMatter() {
        let all = trained(losses) + rule("adam", adam) + trained(losses.reversed(), name: "other")
        #expect(Comparison(experiment: "e", outcomes: all) == Comparison(experiment: "e", outcomes: all.reversed()))
    }
}
