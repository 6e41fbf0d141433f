import Analysis
import Foundation
import JournalStore
import Wording

extension Comparison {
    /// The comparison for people: what was asked, on what data, and for each problem the optimizers, the best one
    /// against each other one, the mean curves and the verdict; where students differ, the means by what they are like.
    ///
    /// - Parameter property: To have the same of each group of students in place of all that; nil for the whole.
    public func text(for terminal: Terminal, by property: ArchitectureProperty? = nil) -> String {
        var lines = heading(for: terminal)
        for problem in problems {
            lines.append("")
            lines += property.map { problem.lines(for: terminal, by: $0) } ?? problem.lines(for: terminal)
        }
        if problems.isEmpty {
            lines += ["", "No evaluation trial has finished yet."]
        } else {
            lines.append("")
            lines += methods(by: property).flatMap { $0.wrapped(to: terminal.width) }
                .map { terminal.styled($0, .faint) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What is compared, and what should be known before the figures are read.
    func heading(for terminal: Terminal) -> [String] {
        let sentences = [question ?? ""] + asked + provenance.sentences
        return terminal.title(version.map { "\(experiment)@\($0.prefix(8))" } ?? experiment)
            + sentences.flatMap { terminal.showable($0).wrapped(to: terminal.width) }
            + missing(unfinishedTrials, "\(plural(unfinishedTrials, "has", "have")) not finished")
            + missing(failedTrials, "failed")
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
    private func methods(by property: ArchitectureProperty?) -> [String] {
        let method = BootstrapInterval.Method.resampling.rawValue
        let resamples = "\(method) of \(NumberText.grouped(Double(BootstrapInterval.resamples))) resamples"
        let many = NumberText.grouped(Double(BootstrapInterval.largestResampled))
        let expanded = usesExpansion ? ", of more than \(many) trials by its Edgeworth expansion" : ""
        let family = criteria.against.isEmpty ? "all pairs of the" : "the tested pairs of the"
        let intervalsAndTests = """
            Brackets: 95% interval of the mean, \(resamples)\(expanded). p: Wilcoxon's signed-rank test, two-sided, \
            trials paired by seed; corrected by Holm's method for \(family)
            """
        let best = "* marks the \(criteria.metric.best) mean of a row"
        guard property == nil else {
            let loses = "Loses: on how many students the first optimizer of the group does better."
            return ["\(intervalsAndTests) group, and not for there being several groups.", "\(best). \(loses)"]
        }
        let grouped = ArchitectureProperty.allCases.filter { property in
            problems.contains { $0.grouping(by: property) != nil }
        }
        guard !grouped.isEmpty else { return ["\(intervalsAndTests) problem."] }
        let options = grouped.map { "--by \($0.rawValue)" }.joined(separator: " and ")
        return ["\(intervalsAndTests) problem.", "\(best). Intervals and tests: \(options)."]
    }

    private var usesExpansion: Bool {
        problems.contains { $0.optimizers.contains { $0.compared.interval?.method == .expansion } }
    }
}

extension Provenance {
    /// The data, a line each, and what trials that are compared do not have in common.
    var sentences: [String] {
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
