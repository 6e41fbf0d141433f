import Analysis
import Foundation
import JournalStore
import Wording

extension Comparison {
    /// The comparison for people: what was asked, on what data, and for each problem the optimizers, the best one
    /// against each other one, the mean curves and the verdict; where students differ, the means by what they are like.
    ///
    /// Where trials are grouped by a recorded field, it has the same of each group in place of all that.
    ///
    /// - Parameter property: To have the same of each group of students in place of all that; nil for the whole.
    public func text(for terminal: Terminal, by property: ArchitectureProperty? = nil) -> String {
        var lines = heading(for: terminal)
        if let byField {
            lines += byField.lines(for: terminal, criteria: criteria)
        } else {
            for problem in problems {
                lines.append("")
                lines += property.map { problem.lines(for: terminal, by: $0) } ?? problem.lines(for: terminal)
            }
        }
        if problems.isEmpty {
            lines += ["", "No evaluation trial has finished yet."]
        } else {
            lines.append("")
            lines += methods(grouped: property != nil || byField != nil).flatMap { $0.wrapped(to: terminal.width) }
                .map { terminal.styled($0, .faint) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What is compared, and what should be known before the figures are read.
    func heading(for terminal: Terminal) -> [String] {
        let questions = experiments.map { experiment in
            "\(experiment.name)@\(experiment.version.prefix(8))" + (experiment.question.map { ": \($0)" } ?? "")
        }
        let sentences = [question ?? ""] + questions + differentSteps + asked + provenance.sentences
        return terminal.title(version.map { "\(experiment)@\($0.prefix(8))" } ?? experiment)
            + sentences.flatMap { terminal.showable($0).wrapped(to: terminal.width) }
            + missing(unfinishedTrials, "\(plural(unfinishedTrials, "has", "have")) not finished")
            + missing(failedTrials, "failed")
    }

    /// How many steps the trials of each experiment take, where that is not the same.
    private var differentSteps: [String] {
        guard Set(experiments.map(\.steps)).count > 1 else { return [] }
        let list = experiments.map { experiment in
            "\(experiment.label) \(experiment.steps.map(String.init).joined(by: "or"))"
        }
        return ["Trials take different numbers of steps: \(list.joined(separator: ", "))."]
    }

    /// What was asked of the comparison, as far as it is not the usual.
    private var asked: [String] {
        let metric = criteria.metric
        return (metric == .finalLoss ? [] : ["Compared by \(metric.inWords): \(metric.better) is better."])
            + (criteria.against.isEmpty ? [] : ["Tested against \(criteria.against.joined(separator: " and ")) only."])
    }

    private func missing(_ count: Int, _ fate: String) -> [String] {
        guard count > 0 else { return [] }
        let them = plural(count, "it", "them")
        return ["\(counted(count, "evaluation trial")) \(fate); these figures are without \(them)."]
    }

    /// How the figures came about, in paragraphs.
    public func methods(grouped: Bool = false) -> [String] {
        let method = BootstrapInterval.Method.resampling.rawValue
        let resamples = "\(method) of \(NumberText.grouped(Double(BootstrapInterval.resamples))) resamples"
        let many = NumberText.grouped(Double(BootstrapInterval.largestResampled))
        let expanded = usesExpansion ? ", of more than \(many) trials by its Edgeworth expansion" : ""
        let family = criteria.against.isEmpty ? "all pairs of the" : "the tested pairs of the"
        let unpaired =
            hasUnpaired ? ", and where they are no pairs Wilcoxon's rank-sum test (Mann and Whitney)" : ""
        let intervalsAndTests = """
            Brackets: 95% interval of the mean, \(resamples)\(expanded). p: Wilcoxon's signed-rank test, two-sided, \
            trials paired by seed\(unpaired); corrected by Holm's method for \(family)
            """
        let target = criteria.target == nil ? [] : [TargetTable.legend]
        let best = "* marks the \(criteria.metric.best) mean of a row"
        guard !grouped else {
            let loses =
                "Loses: on how many \(byField == nil ? "students" : "seeds") the first optimizer of the group "
                + "does better."
            return [
                "\(intervalsAndTests) group, and not for there being several groups.\(ofReplicates)",
                "\(best). \(loses)",
            ] + target
        }
        let figures = "\(intervalsAndTests) problem. \(Self.effects)\(ofReplicates)"
        let grouped = ArchitectureProperty.allCases.filter { property in
            problems.contains { $0.grouping(by: property) != nil }
        }
        guard !grouped.isEmpty else { return [figures] + target }
        let options = grouped.map { "--by \($0.rawValue)" }.joined(separator: " and ")
        return [figures, "\(best). Intervals and tests: \(options)."] + target
    }

    /// How figures of several replicates came about, as the end of a paragraph; empty where there are none.
    private var ofReplicates: String {
        guard allProblems.contains(where: { $0.optimizers.contains(where: \.isReplicated) }) else { return "" }
        let resamples = NumberText.grouped(Double(BootstrapInterval.resamples))
        return " "
            + """
            Of several replicates, trained from seeds of their own and tried on the same students: the mean of their \
            means; brackets by \(resamples) resamples that draw replicates and students anew, each on its own \
            (pigeonhole bootstrap, Owen 2007); wins, losses and ties over all runs; p of a two-way random-effects test, \
            replicates × students, with Satterthwaite's degrees of freedom, or of a sign test over replicates where a loss is not finite. IQM: \
            interquartile mean over all runs. Replicates, of a pair: in how many the first one has the \
            \(criteria.metric.better) mean.
            """
    }

    private var allProblems: [ProblemComparison] {
        problems + (byField?.parts.flatMap { $0.groups.map(\.comparison) } ?? [])
    }

    private static let effects = """
        Difference: mean over the pairs. Better: how often the first one is, ties counting half. r: rank-biserial \
        correlation, 1 where it always is.
        """

    private var hasUnpaired: Bool {
        allProblems.contains { $0.pairs.contains { !$0.isPaired } }
    }

    private var usesExpansion: Bool {
        problems.contains { $0.optimizers.contains { $0.compared.interval?.method == .expansion } }
    }
}

extension Provenance {
    /// The data, a line each, and what trials that are compared do not have in common.
    public var sentences: [String] {
        lines(of: datasets) + told(kernelTables, "kernel tables") + told(programVersions, "versions of the program")
            + otherData.map { other in
                "\(other.kind.title) on \(other.problem) used other data: \(other.use.inWords)."
            }
    }

    private func lines(of uses: [DatasetUse]) -> [String] {
        guard uses.count > 1 else { return uses.map { "Data: \($0.dataset.inWords)" } }
        return uses.map { "Data: \($0.inWords)" }
    }

    private func told(_ counts: [Count], _ what: String) -> [String] {
        guard counts.count > 1 else { return [] }
        let list = counts.map { "\($0.name) \($0.trials)" }.joined(separator: ", ")
        return ["These trials were computed by different \(what): \(list)."]
    }
}

extension Provenance.DatasetUse {
    /// The data told from any other, with its trials.
    var inWords: String {
        "\(dataset.inWords), checksum \(dataset.checksum.prefix(12)): \(counted(trials, "trial"))"
    }
}
