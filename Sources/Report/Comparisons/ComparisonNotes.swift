import Analysis
import Wording

extension ProblemComparison {
    /// What concerns some optimizers only, and would make the table too wide for a terminal.
    public var notes: [String] {
        let diverged = optimizers.filter { $0.diverged > 0 }.map { "\($0.name) \($0.diverged) of \($0.trials)" }
        let missing = optimizers.filter { $0.missing > 0 }.map { "\($0.name) \($0.missing) of \($0.trials)" }
        let copies = optimizers.filter(\.seedChangesNothing).map { "\($0.recordedTrials) of \($0.name)" }
        let tunings = optimizers.flatMap(\.tunings).filter { !$0.tuning.allDiverged }
        let tuned = tunings.map { name, tuning in
            ([name] + tuning.settings.map { "\($0.name) \($0.value)" }).joined(separator: " ")
        }
        let edges = tunings.flatMap { name, tuning in
            tuning.settings.compactMap { setting in
                setting.edge.map { "\(name) \(setting.name) \(setting.value), the \($0.rawValue) tried" }
            }
        }
        return [
            ("Diverged trials", diverged.joined(separator: ", ")),
            ("Trials without \(criteria.metric.inWords)", missing.joined(separator: ", ")),
            ("Trials that are one computation, whatever the seed", copies.joined(separator: ", ")),
            ("Tuned on other seeds", tuned.joined(separator: ", ")),
            ("On the edge of its grid", edges.joined(separator: "; ")),
        ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)." } + replicateNotes
    }

    /// How many replicates of each learned optimizer beat each other one; of what was trained once, what that means.
    private var replicateNotes: [String] {
        let tallies = optimizers.filter(\.isReplicated).map { optimizer in
            let counts = optimizers.filter { $0.name != optimizer.name }.map { rival in
                "\(rival.name) \(optimizer.replicates.count { $0.beats[rival.name] == true })"
            }
            return "Replicates of \(optimizer.name) with a \(criteria.metric.better) mean, of "
                + "\(optimizer.replicates.count), than: \(counts.joined(separator: ", "))."
        }
        let once = optimizers.filter { $0.isLearned && !$0.isReplicated }.map(\.name)
        guard !once.isEmpty else { return tallies }
        return tallies + [
            "\(once.joined(by: "and")): one training; \(plural(once.count, "its", "their")) intervals and tests are "
                + "over students alone."
        ]
    }

    /// Choices that mean nothing.
    public var warnings: [String] {
        optimizers.flatMap(\.tunings).compactMap { name, tuning in
            guard tuning.allDiverged else { return nil }
            let tried = tuning.settings.map { "\($0.name) \($0.candidates.joined(separator: ", "))" }
            let used = tuning.settings.map { "\($0.name) \($0.value)" }
            return "Tuning found nothing for \(name): every candidate diverged "
                + "(\(tried.joined(separator: "; "))). It ran with \(used.joined(separator: " "))."
        }
    }
}
