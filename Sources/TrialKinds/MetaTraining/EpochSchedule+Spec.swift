import ExperimentSpec
import Formats
import MetaTraining
import Nouns
import Wording

extension EpochSchedule {
    /// What a spec says of how long optimizations and unrolls are.
    static let fields = [
        Field("epochs", .number(.count), default: 10_000, "Optimizations of the problem from its start."),
        Field("steps", .number(.count), default: 100, "Steps of one epoch."),
        Field(
            "unrollLength", .number(.count), .defaulted(20), alternatives: ["rollback"], defaultAtMost: "steps",
            "Steps that the meta-gradient goes back through; it divides `steps`. Left out: all of fewer `steps` than 20."
        ),
        Field(
            "rollback", .number(.count), .optional, alternatives: ["unrollLength"],
            "Another name for `unrollLength`, which Chen et al. 2018 use; theirs is 10."),
    ]

    static let curriculumField = Field(
        "curriculum",
        .list(
            of: .object(
                ObjectFormat([
                    Field("until", .number(.count), "The number of epochs after which the stage is over."),
                    Field("steps", .number(.count), "Steps of its epochs, a multiple of `unrollLength`."),
                ]))), .optional,
        "Stages with another number of steps, one after the other, before epochs have `steps` (Chen et al. 2020). "
            + "Evaluations always have `steps`. Left out: none.")

    static let variedStepsField = Field(
        "variedSteps",
        .object(
            ObjectFormat([
                Field("low", .number(.count), "The fewest steps of an epoch."),
                Field("high", .number(.count), "The most."),
            ])), .optional,
        "Epochs of many lengths, spread evenly on a scale of logarithms, after the curriculum; whole unrolls all (Metz et "
            + "al. 2020 draw them so). Evaluations always have `steps`. Left out: all have `steps`.")

    static let startsField = Field(
        "starts",
        .object(
            ObjectFormat([
                Field("count", .number(.whole(2...1000)), default: 4, "How many beginnings there are."),
                Field("epochs", .number(.count), "Epochs of each, fewer than all."),
            ])), .optional,
        "Several beginnings, each with meta-parameters and problems of its own, of which the one that is best by evaluation "
            + "goes on. Left out: one.")

    static let growingStepsField = Field(
        "growingSteps",
        .object(
            ObjectFormat([
                Field(
                    "from", .number(.count),
                    "Steps of an optimization to begin with; whole unrolls, and a divisor of `steps`."),
                Field(
                    "factor", .number(.whole(2...1000)), default: 2,
                    "How many times as long the next ones are; more where that does not divide `steps`."),
                Field(
                    "evaluations", .number(.count), default: 1,
                    "After how many evaluations in a row that are no better than the best."),
            ])), .optional,
        "Optimizations that become longer when evaluations no longer get better (Chen et al. 2020). An epoch keeps its "
            + "`steps`, cut into several optimizations. Evaluations always have `steps`. Left out: each is an epoch long."
    )

    /// - Parameter training: the part `metaTraining` of a spec.
    init(_ training: Settings) {
        self.init(
            epochs: training.integer("epochs"), epochLength: training.integer("steps"),
            unrollLength: training.integer(ifGiven: "unrollLength") ?? training.integer("rollback"),
            curriculum: (training.list(ifGiven: "curriculum") ?? []).map {
                Stage(untilEpoch: $0.integer("until"), epochLength: $0.integer("steps"))
            },
            variedLengths: training.settings(ifGiven: "variedSteps").map { $0.integer("low")...$0.integer("high") },
            starts: training.settings(ifGiven: "starts").map {
                Starts(count: $0.integer("count"), epochs: $0.integer("epochs"))
            },
            growth: training.settings(ifGiven: "growingSteps").map {
                HorizonGrowth(
                    initialLength: $0.integer("from"), factor: $0.integer("factor"),
                    evaluations: $0.integer("evaluations"))
            })
    }

    /// Epochs are whole unrolls.
    ///
    /// - Parameter training: the part `metaTraining` of a spec.
    static func slipsOfLengths(_ training: CheckedPart) -> [Slip] {
        guard let steps = training.value["steps"]?.integer, let (name, length) = unroll(training),
            !steps.isMultiple(of: length)
        else { return [] }
        let isGiven = training.given[name] != nil
        let found =
            isGiven ? "\(length), which does not divide" : "nothing, and its default of \(length) does not divide"
        return [
            training.slip(
                .key(name), found: "\(found) metaTraining.steps",
                allowed: "for \(counted(steps, "step")), \(wordingOfDivisors(of: steps, near: length))")
        ]
    }

    /// Stages of a curriculum come one after the other, and are whole unrolls.
    static func slipsOfCurriculum(_ training: CheckedPart) -> [Slip] {
        let stages = training.value["curriculum"]?.array ?? []
        return stages.indices.flatMap { index in
            let stage = stages[index]
            var slips: [Slip] = []
            if let steps = stage["steps"]?.integer, let (name, length) = unroll(training), !steps.isMultiple(of: length)
            {
                slips.append(
                    training.slip(
                        .key("curriculum"), .index(index), .key("steps"), found: "\(steps)",
                        allowed: "a multiple of metaTraining.\(name), which is \(length)"))
            }
            if index > 0, let before = stages[index - 1]["until"]?.integer, let until = stage["until"]?.integer,
                until <= before
            {
                slips.append(
                    training.slip(
                        .key("curriculum"), .index(index), .key("until"), found: "\(until)",
                        allowed: "more than the \(before) of the stage before it"))
            }
            return slips
        }
    }

    /// Lengths that vary are whole unrolls, from the fewest to the most; starts are a part of all epochs.
    static func slipsOfVariation(_ training: CheckedPart) -> [Slip] {
        var slips: [Slip] = []
        if let (name, length) = unroll(training), let varied = training.value["variedSteps"] {
            for key in ["low", "high"] {
                guard let steps = varied[key]?.integer, !steps.isMultiple(of: length) else { continue }
                slips.append(
                    training.slip(
                        .key("variedSteps"), .key(key), found: "\(steps)",
                        allowed: "a multiple of metaTraining.\(name), which is \(length)"))
            }
        }
        if let varied = training.value["variedSteps"], let low = varied["low"]?.integer,
            let high = varied["high"]?.integer, low > high
        {
            slips.append(
                training.slip(
                    .key("variedSteps"), found: "a \"low\" of \(low) above a \"high\" of \(high)",
                    allowed: "a \"low\" that is at most \"high\""))
        }
        if let started = training.value["starts"]?["epochs"]?.integer, let epochs = training.value["epochs"]?.integer,
            started >= epochs
        {
            slips.append(
                training.slip(
                    .key("starts"), .key("epochs"), found: "\(started)",
                    allowed: "fewer than metaTraining.epochs, which are \(epochs)"))
        }
        return slips
    }

    /// What grows is whole unrolls, divides an epoch, and does so alone.
    static func slipsOfGrowth(_ training: CheckedPart) -> [Slip] {
        guard let growing = training.value["growingSteps"] else { return [] }
        var slips = ["curriculum", "variedSteps"].filter { training.given[$0] != nil }
            .map { training.slip(.key("growingSteps"), found: "it beside \"\($0)\"", allowed: "one of the two") }
        if let from = growing["from"]?.integer, let steps = training.value["steps"]?.integer,
            let (name, length) = unroll(training), !(from.isMultiple(of: length) && steps.isMultiple(of: from))
        {
            slips.append(
                training.slip(
                    .key("growingSteps"), .key("from"), found: "\(from)",
                    allowed:
                        "a multiple of metaTraining.\(name), which is \(length), that divides metaTraining.steps, which "
                        + "are \(steps)"))
        }
        return slips
    }

    /// How long an unroll is, and by which name.
    private static func unroll(_ training: CheckedPart) -> (name: String, length: Int)? {
        for name in ["unrollLength", "rollback"] {
            if let length = training.value[name]?.integer { return (name, length) }
        }
        return nil
    }

    /// All divisors, or the dozen nearest to `length` where there are more.
    private static func wordingOfDivisors(of steps: Int, near length: Int) -> String {
        let small = (1...Int(Double(steps).squareRoot())).filter { steps.isMultiple(of: $0) }
        let all = Set(small + small.map { steps / $0 }).sorted()
        let nearest = all.sorted { abs($0 - length) < abs($1 - length) }.prefix(12).sorted()
        return (all.count > nearest.count ? "for example " : "") + nearest.map(String.init).joined(by: "or")
    }
}
