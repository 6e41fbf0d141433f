import Analysis
import Foundation
import JournalStore
import Nouns
import Testing

@testable import Report

struct ComparisonDocumentTests {
    private func comparison(target: Bool = false, field: String? = nil) -> Comparison {
        let outcomes = (1...8).flatMap { seed in
            [("adam_w", Double(seed)), ("50% & <b>", Double(seed) + 1)].map { name, loss in
                var trial = ComparedTrial(
                    problem: "a|b", optimizer: name, seed: seed, finalLoss: loss / 1e8, curve: [3, 2, loss / 1e8])
                if target { trial.reach = TargetReach(step: seed == 8 ? nil : Int(loss), seconds: loss / 4) }
                if field != nil { trial.field = seed > 4 ? "big" : nil }
                return trial
            }
        }
        return Comparison(
            experiment: "l2l_a", version: "0123456789ab", question: "Is a_b < c?",
            criteria: .init(target: target ? Target(0.5) : nil, field: field), outcomes: outcomes)
    }

    @Test func markdownIsEscapedAndMarksTheBest() {
        let lines = comparison().markdown().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == #"# l2l\_a"#)
        #expect(lines[2] == #"Is a\_b \< c?"#)
        #expect(lines[4] == "| optimizer | trials | final loss | 95% interval | median |")
        #expect(lines[5] == "| :-- | --: | --: | --: | --: |")
        #expect(lines[6].hasPrefix(#"| **adam\_w** | 8 | **4.500e-08** | \[3."#))
        #expect(lines[7].hasPrefix(#"| 50% &amp; \<b\> | 8 | 5.500e-08 | \[4."#))
        #expect(lines[9].hasPrefix(#"l2l\_a@01234567, problem a\|b. Brackets: 95% interval of the mean, BCa "#))
        #expect(lines.contains { $0.hasPrefix("| 50% &amp; ") && $0.hasSuffix("| 100% | 1.00 | 0.0078 | 0.0078 |") })
        #expect(lines.contains { $0.hasPrefix(#"- problem a\|b: adam\_w beats 50% &amp; \<b\> on 8 of 8 seeds"#) })
        // Each row of a table has as many cells as its head.
        for table in comparison(target: true).tables() {
            let cells = table.markdown().split(separator: "\n").filter { $0.hasPrefix("|") }.map { line in
                line.replacing(#"\|"#, with: "").count { $0 == "|" }
            }
            #expect(Set(cells).count == 1)
        }
    }

    @Test func latexIsEscapedAndHasItsRules() {
        let text = comparison(target: true).latex()
        #expect(text.hasPrefix("% Needs \\usepackage{booktabs}.\n\\begin{table}\n"))
        #expect(text.contains(#"\textbf{adam\_w} & 8 & \textbf{$4.500 \times 10^{-8}$} & [$3."#))
        #expect(text.contains(#"50\% \& $<$b$>$ & 8 & $5.500 \times 10^{-8}$ &"#))
        #expect(text.contains(#"\label{tab:l2l-a-1}"#))
        #expect(text.contains("Steps to loss 0.5 or lower"))
        for (open, close) in [("\\begin{table}", "\\end{table}"), ("\\begin{tabular}", "\\end{tabular}")] {
            #expect(text.components(separatedBy: open).count == 4)
            #expect(text.components(separatedBy: close).count == 4)
        }
        for mark in ["\\toprule", "\\midrule", "\\bottomrule", "\\caption{"] {
            #expect(text.components(separatedBy: mark).count == 4)
        }
        // Braces and dollars are in pairs.
        let plain = text.replacing(#/\\[{}$%&_#]/#, with: "")
        #expect(plain.count { $0 == "{" } == plain.count { $0 == "}" })
        #expect(plain.split(separator: "\n").allSatisfy { $0.count { $0 == "$" } % 2 == 0 })
    }

    @Test(arguments: [
        ("a\\b{c}", #"a\textbackslash{}b\{c\}"#), ("x~y^z", #"x\textasciitilde{}y\textasciicircum{}z"#),
        ("-0.5", "$-$0.5"), ("[-1, 2]", "[$-$1, 2]"), ("-1.5e-06", #"$-1.5 \times 10^{-6}$"#),
        ("< 1e-300", #"$<$ $1 \times 10^{-300}$"#), ("inf", #"$\infty$"#), ("two-sided", "two-sided"),
        ("#1 $2", "\\#1 \\$2"), ("a\nb", "a b"),
    ])
    func charactersThatSteerLaTeX(text: String, latex: String) {
        #expect(ReportTable.inLaTeX(text) == latex)
    }

    @Test func theTargetIsToldInTheTextAndForPrograms() throws {
        let comparison = comparison(target: true)
        #expect(
            comparison.text(for: .plain).contains(
                """
                  Steps to loss 0.5 or lower (mean over the last 10 recorded points)

                  optimizer  reached  median step  95% interval  seconds   later  p corrected
                  ─────────  ───────  ───────────  ────────────  ───────  ──────  ───────────
                  adam_w      7 of 8          4.5    [1, never]     1.12
                  50% & <b>   7 of 8          5.5    [2, never]     1.38  7 of 8        0.016

                """))
        let read = try #require(
            JSONSerialization.jsonObject(with: Data(comparison.json().utf8)) as? [String: Any])
        let problem = try #require((read["problems"] as? [[String: Any]])?.first)
        let target = try #require(problem["target"] as? [String: Any])
        #expect(target["value"] as? Double == 0.5 && target["window"] as? Int == 10)
        let first = try #require((target["optimizers"] as? [[String: Any]])?.first)
        #expect(first["reached"] as? Int == 7)
        let steps = try #require(first["steps"] as? [String: Any])
        #expect(steps["median"] as? Double == 4.5)
        #expect(steps["high"] as? String == "Infinity")
        let pair = try #require((problem["pairs"] as? [[String: Any]])?.first)
        #expect(pair["superiority"] as? Double == 1 && pair["rankBiserial"] as? Double == 1)
        #expect(pair["test"] as? String == "signed-rank" && pair["whyUnpaired"] is NSNull)
        let difference = try #require(pair["difference"] as? [String: Any])
        #expect(abs(try #require(difference["mean"] as? Double) + 1e-8) < 1e-20)
    }

    @Test func groupsByAFieldTakeThePlaceOfTheWhole() throws {
        let comparison = comparison(field: "size")
        let text = comparison.text(for: .plain)
        #expect(
            text.contains(
                """
                Problem a|b by size: mean final loss

                  size     seeds     adam_w  50% & <b>
                  ───────  ─────  ─────────  ─────────
                  big          4  6.50e-08*  7.50e-08
                  not set      4  2.50e-08*  3.50e-08

                size big: 4 seeds

                """))
        #expect(!text.contains("mean loss"))
        #expect(comparison.tables().count == 4)
        #expect(comparison.markdown().contains("problem a\\|b, size big: 4 seeds"))
        let read = try #require(JSONSerialization.jsonObject(with: Data(comparison.json().utf8)) as? [String: Any])
        let by = try #require(read["by"] as? [String: Any])
        let groups = try #require((by["parts"] as? [[String: Any]])?.first?["groups"] as? [[String: Any]])
        #expect(groups.map { $0["label"] as? String } == ["big", "not set"])
        #expect(groups[0]["value"] as? String == "big" && groups[1]["value"] is NSNull)
    }
}
