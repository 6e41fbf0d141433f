import Analysis
import JournalStore

extension Comparison {
    /// All candidates of each tuned optimizer, with what they came to on the tuning seeds, problem by problem.
    ///
    /// - Throws: ``JournalError`` where no optimizer was tuned.
    public func tuningText(for terminal: Terminal) throws -> String {
        guard problems.contains(where: { $0.optimizers.contains { !$0.tunings.isEmpty } }) else {
            throw JournalError(
                .usage,
                "\(experiment) has tuned no optimizer; a spec does so with "
                    + #""learningRate": {"tune": [0.1, 0.03, 0.01]}"#)
        }
        var lines = heading(for: terminal)
        for problem in problems {
            for (name, tuning) in problem.optimizers.flatMap(\.tunings) {
                lines += [""] + terminal.title("Candidates of \(name) on \(problem.name)") + [""]
                lines += tuning.table.lines(for: terminal, indent: ProblemComparison.indent)
            }
            let margin = String(repeating: " ", count: ProblemComparison.indent)
            let warnings = problem.warnings.flatMap {
                terminal.showable($0).wrapped(to: terminal.width - ProblemComparison.indent)
            }
            lines += (warnings.isEmpty ? [] : [""]) + warnings.map { margin + terminal.styled($0, .bold) }
        }
        let legend = "* marks the candidate that was chosen: the lowest mean final loss."
        lines += [""] + legend.wrapped(to: terminal.width).map { terminal.styled($0, .faint) }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension OptimizerTuning {
    fileprivate var table: TextTable {
        TextTable(
            columns: settings.map { .init($0.name) } + [
                .init("mean final loss"), .init("trials"), .init("diverged"),
            ],
            rows: candidates.map { candidate in
                let loss = candidate.meanFinalLoss
                return candidate.values + [
                    NumberText.significant(loss.isFinite ? loss : .infinity) + (candidate.isChosen ? "*" : " "),
                    String(candidate.trials), String(candidate.diverged),
                ]
            })
    }
}
