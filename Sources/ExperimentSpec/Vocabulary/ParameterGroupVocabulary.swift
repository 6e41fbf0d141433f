extension Vocabulary {
    /// Which optimizers update which parameters of one problem.
    static let parameterGroups = Format.list(
        of: .object(
            ObjectFormat([
                Field(
                    "match", .text(.label),
                    "The names of the group's parameters; * stands for any text. The first group that matches counts."),
                Field(
                    "optimizer", .union(learnedOptimizers + updateRules.map(\.groupKind)),
                    "What updates them; in at least one group a learned optimizer."),
            ])))

    /// Optimizers side by side, as a learned optimizer of the journal.
    static let groupedOptimizer = Kind(
        LearnedOptimizerSpec.groupedKind, "Optimizers for groups of parameters.",
        fields: [Field("parameterGroups", parameterGroups, "The groups.")])
}
