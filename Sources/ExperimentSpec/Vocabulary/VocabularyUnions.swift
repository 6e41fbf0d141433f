import Formats
import Nouns
import Wording

/// What follows from a vocabulary's lists: the unions that stand at the places of a spec.
extension Vocabulary {
    /// Problems where they stand by themselves, and may have a name.
    package var namedProblems: [Kind] { problems.map { $0.with([Self.label] + $0.fields) } }

    /// What an evaluation may compare.
    package var evaluatedOptimizers: [Kind] {
        [
            Kind(
                "trained", "What this spec's `metaTraining` makes.",
                fields: [
                    Self.label,
                    Field(
                        "generation", .number(.count), .optional, "Which of several generations. Left out: the last."),
                    Self.otherRate,
                    schedule,
                ]),
            Self.storedOptimizer.with(Self.storedOptimizer.fields + [Self.otherRate, schedule]),
        ] + updateRules.map { $0.with([Self.label] + $0.fields.map(\.tunable) + [schedule]) }
    }

    /// Optimizers with all their settings, hand-designed or from the journal.
    package var settledOptimizers: [Kind] { updateRules + [Self.storedOptimizer] }

    /// What may change the meta-parameters: a rule, whose learning rate is a field of `metaTraining`, or a learned one.
    package var metaOptimizers: [Kind] {
        updateRules.map { rule in rule.with(rule.fields.filter { $0.name != "learningRate" }) } + [Self.storedOptimizer]
    }

    /// Which optimizers update which parameters of one problem.
    package var parameterGroups: Format {
        .list(
            of: .object(
                ObjectFormat([
                    Field(
                        "match", .text(.label),
                        "The names of the group's parameters; * stands for any text. The first group that matches counts."
                    ),
                    Field(
                        "optimizer", .union(learnedOptimizers + updateRules),
                        "What updates them; in at least one group a learned optimizer."),
                ])))
    }

    /// Optimizers side by side, as a learned optimizer of the journal.
    var groupedOptimizer: Kind {
        Kind(
            LearnedOptimizerSpec.groupedKind, "Optimizers for groups of parameters.",
            fields: [Field("parameterGroups", parameterGroups, "The groups.")], check: slipsOfGroups)
    }

    /// What is wrong between the groups of an object that has `parameterGroups`: something is learned in them, and each
    /// can come to be used.
    package func slipsOfGroups(_ object: CheckedObject) -> [Slip] {
        let field = JSONPath.Component.key("parameterGroups")
        let groups = object.value["parameterGroups"]?.array ?? []
        let kinds = groups.compactMap { $0["optimizer"]?["kind"]?.string }
        var slips: [Slip] = []
        if !groups.isEmpty, kinds.count == groups.count, kinds.allSatisfy(updateRules.names.contains) {
            slips.append(
                Slip(
                    field, found: "hand-designed optimizers alone",
                    allowed: "a learned one in at least one group: \(learnedOptimizers.names.wordingOfChoice)"))
        }
        for (index, group) in groups.enumerated() {
            guard let match = group["match"], let first = groups[..<index].firstIndex(where: { $0["match"] == match })
            else { continue }
            slips.append(
                Slip(
                    field, .index(index), .key("match"),
                    found: "\(match.wording), which \(object.path(of: field, .index(first))) matches before it",
                    allowed: "a pattern of its own"))
        }
        return slips
    }

    private static let storedOptimizer = Kind(
        "stored", "A learned optimizer from the journal.",
        fields: [
            Field(
                "name", .text(.label),
                "The experiment that made it: `NAME` for its newest version, `NAME@HASH` for an older one; `NAME/3` for "
                    + "the third of several replicates, of which `NAME` is the one with the lowest evaluation loss.")
        ])

    /// Learned optimizers that have a rate are learned with one and may do better with another.
    private static let otherRate = Field(
        "learningRate", .tunable(.number(.positive)), .optional,
        "In place of the one that it was learned with, for learned optimizers that have one, such as `mlhf`.")

    private static let label = Field("name", .text(.label), .optional, "What it is called, in place of its kind.")
}

extension Field {
    /// The field where a number may be tuned.
    fileprivate var tunable: Field {
        guard case .number = format else { return self }
        return Field(name, .tunable(format), presence, summary)
    }
}
