import Analysis
import Foundation
import Testing

@testable import Report

struct GroupingReportTests {
    /// Students of one and of ten layers; `adam` wins on the shallow ones, `sgd` on the deep ones, on one of which
    /// `adam` diverges.
    private var comparison: Comparison {
        let outcomes = (1...12).flatMap { seed in
            let isDeep = seed > 6
            let student = StudentArchitecture(
                layers: isDeep ? "4-2-2-2-2-2-2-2-2-2-2-3" : "4-2-3", weights: (isDeep ? 3000 : 1000) + seed)
            let adam = seed == 12 ? .nan : isDeep ? 3.0 : 1
            return [("adam", adam), ("sgd", 2)].map { optimizer, loss in
                ComparedTrial(
                    problem: "drawn", optimizer: optimizer, seed: seed, finalLoss: loss, architecture: student)
            }
        }
        let fixed = ComparedTrial(
            problem: "fixed", optimizer: "adam", seed: 1, finalLoss: 1,
            architecture: StudentArchitecture(layers: "4-2-3", weights: 19))
        return Comparison(experiment: "e", outcomes: outcomes + [fixed])
    }

    @Test func theWholeComparisonHasTheGroupsAtAGlance() {
        let text = comparison.text(for: .plain)
        #expect(
            text.contains(
                """

                  Mean final loss by depth (hidden layers)

                  depth  students    sgd   adam
                  ─────  ────────  ─────  ─────
                      1         6  2.00   1.00*
                     10         6  2.00*   inf
                    all        12  2.00*   inf

                  Mean final loss by number of weights

                         weights  students    sgd   adam
                  ──────────────  ────────  ─────  ─────
                  1,000 to 2,000         6  2.00   1.00*
                  2,000 to 3,100         6  2.00*   inf
                             all        12  2.00*   inf

                Problem fixed

                """))
        #expect(
            text.hasSuffix("\n* marks the lowest mean of a row. Intervals and tests: --by depth and --by weights.\n"))
        #expect(text.components(separatedBy: "Mean final loss by").count == 3)
    }

    @Test func eachGroupByItself() {
        #expect(
            comparison.text(for: .plain, by: .depth).hasPrefix(
                """
                e

                Problem drawn by depth (hidden layers): mean final loss

                  depth  students    sgd   adam
                  ─────  ────────  ─────  ─────
                      1         6  2.00   1.00*
                     10         6  2.00*   inf
                    all        12  2.00*   inf

                1 hidden layer: 6 students of 1,001 to 1,006 weights

                  optimizer  trials  final loss    95% interval  median   loses  p corrected
                  ─────────  ──────  ──────────  ──────────────  ──────  ──────  ───────────
                  adam            6       1.000  [1.000, 1.000]   1.000
                  sgd             6       2.000  [2.000, 2.000]   2.000  6 of 6        0.031

                  adam beats sgd on 6 of 6 seeds, p = 0.031.

                10 hidden layers: 6 students of 3,007 to 3,012 weights

                  optimizer  trials  final loss    95% interval  median   loses  p corrected
                  ─────────  ──────  ──────────  ──────────────  ──────  ──────  ───────────
                  sgd             6       2.000  [2.000, 2.000]   2.000
                  adam            6         inf                   3.000  6 of 6        0.031
                  Diverged trials: adam 1 of 6.

                  sgd beats adam on 6 of 6 seeds, p = 0.031.

                Problem fixed by depth (hidden layers)

                  No groups: all students are 4-2-3.

                Brackets: 95% interval
                """))
    }

    @Test func groupsOfWeightsAreNamedByTheirBounds() {
        let text = comparison.text(for: .plain, by: .weights)
        #expect(text.contains("\n2,000 to 3,100 weights: 6 students of 10 hidden layers\n"))
    }

    @Test(arguments: [60, 80, 100])
    func noLineIsWiderThanTheTerminal(width: Int) throws {
        let names = ["rmsprop", "adamw", "adagrad", "adam", "nesterov", "momentum", "sgd", "l2l-mnist-architectures"]
        let outcomes = (1...40).flatMap { seed in
            names.enumerated().map { index, name in
                ComparedTrial(
                    problem: "p", optimizer: name, seed: seed, finalLoss: 0.1 * Double(seed + index),
                    architecture: StudentArchitecture(layers: seed > 20 ? "4-2-3" : "4-2-2-3", weights: 5000 * seed))
            }
        }
        let terminal = Terminal(isTerminal: true, width: width, usesColour: false, usesUnicode: true)
        let problem = Comparison(experiment: "e", outcomes: outcomes).problems[0]
        let lines = problem.meanTable(of: try #require(problem.grouping(by: .weights))).lines(for: terminal, indent: 2)
        #expect(lines.allSatisfy { $0.displayWidth <= width })
        // Where it does not fit, the table goes on below itself: no optimizer is missing, and none is cut.
        #expect(names.allSatisfy { lines.joined().contains($0) })
        #expect(!lines.joined().contains("…"))
    }

    @Test func jsonHasTheGroups() throws {
        let read = try JSONSerialization.jsonObject(with: Data(comparison.json().utf8))
        let problems = try #require((read as? [String: Any])?["problems"] as? [[String: Any]])
        let groups = try #require(problems[0]["byDepth"] as? [[String: Any]])
        #expect(groups.map { $0["label"] as? String } == ["1", "10"])
        #expect(groups.map { $0["students"] as? Int } == [6, 6])
        let optimizers = try #require(groups[1]["optimizers"] as? [[String: Any]])
        #expect(optimizers.map { $0["name"] as? String } == ["sgd", "adam"])
        #expect((optimizers[0]["finalLoss"] as? [String: Any])?["mean"] as? Double == 2)
        let pair = try #require((groups[1]["pairs"] as? [[String: Any]])?.first)
        #expect(pair["pValue"] as? Double == 0.03125)
        let byWeights = try #require(problems[0]["byWeights"] as? [[String: Any]])
        #expect(byWeights.map { [$0["from"], $0["below"]].map { $0 as? Int } } == [[1000, 2000], [2000, 3100]])
        #expect((problems[1]["byDepth"] as? [Any])?.isEmpty == true)
    }
}
