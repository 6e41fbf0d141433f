import Analysis

extension ProblemComparison {
    /// What concerns some optimizers only, and would make the table too wide for a terminal.
    public var notes: [String] {
        let diverged = optimizers.filter { $0.diverged > 0 }.map { "\($0.name) \($0.diverged) of \($0.trials)" }
        let missing = optimizers.filter { $0.missing > 0 }.map { "\($0.name) \($0.missing) of \($0.trials)" }
        let copies = optimizers.filter(\.seedChangesNothing).map { "\($0.recordedTrials) of \($0.name)" }
        let tunings = optimizers.compactMap { optimizer in
            optimizer.tuning.flatMap { $0.allDiverged ? nil : (name: optimizer.name, tuning: $0) }
        }
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
        ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)." }
    }

    /// Choices that mean nothing.
    public var warnings: [String] {
        optimizers.compactMap { optimizer in
            guard let tuning = optimizer.tuning, tuning.allDiverged else { return nil }
            let tried = tuning.settings.map { "\($0.name) \($0.candidates.joined(separator: ", "))" }
            let used = tuning.settings.map { "\($0.name) \($0.value)" }
            return "Tuning found nothing for \(optimizer.name): every candidate diverged "
                + "(\(tried.joined(separator: "; "))). It ran with \(used.joined(separator: " "))."
        }
    }
}
