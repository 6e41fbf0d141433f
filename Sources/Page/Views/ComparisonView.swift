import Analysis
import JournalStore
import Nouns
import Report
import Wording

/// The optimizers of an experiment side by side: figures, tests and verdicts, as journal compare has them.
struct ComparisonView {
    private let comparison: Comparison?
    private let refusal: String?
    private let reference: String
    private let names: [String]

    /// - Parameters:
    ///   - only: the optimizers to show; empty for all.
    ///   - names: of all series of the page's charts.
    init(
        _ reference: String, _ journal: Journal, kinds: [TrialKindSummary], names: [String], only: [String] = []
    ) throws {
        self.reference = reference
        self.names = names
        self.only = only
        do {
            comparison = try Comparison(reference, in: journal, kinds: kinds)
            refusal = nil
        } catch let error as JournalError where error.kind == .badData || error.kind == .usage {
            comparison = nil
            refusal = error.message
        }
    }

    private let only: [String]

    /// The statistics by problem, and under no name what is said of them all.
    func pieces() -> [String: HTML] {
        guard let comparison else { return ["": .note(refusal ?? "")] }
        guard !comparison.problems.isEmpty else { return ["": .note("No trial that is compared has finished yet.")] }
        let missing = [
            (comparison.unfinishedTrials, "not finished"), (comparison.failedTrials, "failed"),
        ].filter { $0.0 > 0 }.map {
            "\(counted($0.0, "trial")) \($0.1); these figures are without \(plural($0.0, "it", "them"))."
        }
        var pieces = Dictionary(uniqueKeysWithValues: comparison.problems.map { ($0.name, problem($0)) })
        pieces[""] = .group(
            missing.map(HTML.note) + [
                .details(
                    "How these figures came about",
                    (comparison.provenance.sentences + comparison.methods()).map { .paragraph(.text($0)) },
                    id: "methods")
            ])
        return pieces
    }

    private func problem(_ problem: ProblemComparison) -> HTML {
        let names = problem.optimizers.map(\.name)
        let shown = problem.optimizers.filter { only.isEmpty || only.contains($0.name) }
        return .group(
            [
                only.isEmpty ? .element("p", [.class("verdict")], [.text("\(problem.verdict).")]) : .nothing,
                .form(
                    [.plain("method", "get"), .action(Address(["compare"]))],
                    [
                        .hidden("experiment", reference), .hidden("problem", problem.name),
                        optimizers(shown, of: problem, names).html,
                        .served(
                            only.isEmpty && names.count > 1
                                ? [.div("actions", .button("Compare the ticked optimizers"))] : []),
                    ]),
                pairs(problem, shown.map(\.name)),
                .group(problem.notes.map(HTML.note)),
                .group(problem.warnings.map { .element("p", [.class("warning")], [.text($0)]) }),
            ])
    }

    private func optimizers(
        _ shown: [OptimizerSummary], of problem: ProblemComparison, _ names: [String]
    ) -> PageTable {
        let metric = problem.criteria.metric
        let others = ComparisonMetric.common.filter { other in
            other != metric && shown.contains { $0.summary(of: other) != nil }
        }
        let diverges = shown.contains { $0.diverged > 0 }
        return PageTable(
            caption: "Optimizers on \(problem.name)",
            columns: [
                .init("optimizer"), .init("trials", isNumeric: true), .init(metric.inWords, isNumeric: true),
                .init("95% interval", isNumeric: true), .init("median", isNumeric: true),
            ] + problem.replicateTitles.map { .init($0, isNumeric: true) }
                + others.map { .init($0.inWords, isNumeric: true) }
                + (diverges ? [.init("diverged", isNumeric: true)] : []),
            rows: shown.map { optimizer in
                PageTable.Row(
                    cells: [
                        .group([
                            .served(
                                only.isEmpty
                                    ? [
                                        .element(
                                            "input",
                                            [
                                                .plain("type", "checkbox"), .plain("name", "optimizer"),
                                                .plain("value", optimizer.name),
                                                .plain("aria-label", "Tick \(optimizer.name)"),
                                            ], [])
                                    ] : []),
                            CurveFigure.swatch(self.names.firstIndex(of: optimizer.name) ?? 0), .text(optimizer.name),
                        ]),
                        .text(String(optimizer.trials)),
                        .text(metric.text(of: \.mean, in: optimizer.compared)),
                        .text(metric.text(of: optimizer.compared.interval)),
                        .text(metric.text(of: \.median, in: optimizer.compared)),
                    ] + problem.replicateCells(of: optimizer).map(HTML.text)
                        + others.map { other in
                            .text(optimizer.summary(of: other).map { other.text(of: $0.mean) } ?? "")
                        } + (diverges ? [.text(String(optimizer.diverged))] : []),
                    attributes: [.series(self.names.firstIndex(of: optimizer.name) ?? 0)])
            })
    }

    /// The best optimizer against each other one; of ticked ones, each pair of them.
    private func pairs(_ problem: ProblemComparison, _ names: [String]) -> HTML {
        let pairs =
            only.isEmpty
            ? problem.pairs.filter { $0.a == names.first || $0.b == names.first }
            : problem.pairs.filter { names.contains($0.a) && names.contains($0.b) }
        guard !pairs.isEmpty else { return .nothing }
        let family = "p corrected for all \(counted(problem.pairs.count { $0.pValue != nil }, "pair")) of the problem"
        let hasReplicates = pairs.contains { $0.replicates != nil }
        return PageTable(
            caption: "Seed by seed: how often the first ends better than the second; \(family)",
            columns: [.init("pair")] + (hasReplicates ? [.init("replicates won", isNumeric: true)] : [])
                + ["wins", "losses", "ties", "p", "p corrected"].map { .init($0, isNumeric: true) },
            rows: pairs.map { pair in
                PageTable.Row(
                    cells: [.text("\(pair.a) against \(pair.b)")]
                        + (hasReplicates
                            ? [.text(pair.replicates.map { "\($0.won) of \($0.count) of \($0.optimizer)" } ?? "")] : [])
                        + [
                            String(pair.wins), String(pair.losses), String(pair.ties), pair.pValue.textOfPValue,
                            pair.pValueHolm.textOfPValue,
                        ].map(HTML.text))
            }
        ).html
    }
}
