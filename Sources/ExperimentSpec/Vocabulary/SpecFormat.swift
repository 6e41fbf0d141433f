import Formats

/// The format of a whole spec with a vocabulary.
struct SpecFormat {
    let root: Format

    init(_ vocabulary: Vocabulary) {
        root = .object(
            ObjectFormat(
                [
                    Field("$schema", .text(.any), .optional, "The JSON Schema of this format, for editors."),
                    Field("name", .text(.name), "What the experiment is called in the journal."),
                    Field("question", .text(.any), .optional, "What the experiment is to find out."),
                    Field(
                        "seed", .number(.whole(0...TrialSeeds.largestSpecSeed)), default: 1,
                        "All randomness follows from it."),
                    Field(
                        "precision", .choice(ExperimentSettings.Precision.allCases.map(\.rawValue)), default: "single",
                        "Whether numbers are `Float` or `Double`."),
                    Field(
                        "problem", .union(vocabulary.namedProblems), .optional,
                        "What is optimized: of `metaTraining` and `evaluation`."),
                ] + vocabulary.fieldsOfKinds + [
                    .cluster,
                    Field(
                        "sweep", .sweep, .optional,
                        "Dotted paths of this spec to lists of values to run with; several make their product."),
                ]))
    }
}

extension Vocabulary {
    /// The parts of a spec by which kinds of trials are asked for, none of which must be there.
    var fieldsOfKinds: [Field] { trialKinds.compactMap { $0.field(self)?.asOptional } }

    /// The fields of a spec that a sweep may reach into.
    var sweepable: [String] { ["seed", "precision", "problem"] + fieldsOfKinds.map(\.name) }
}
