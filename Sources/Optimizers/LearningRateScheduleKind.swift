import Formats
import Nouns

extension LearningRateSchedule {
    /// How evaluations name the schedule of an optimizer.
    public static let format = Field(
        "schedule", .tunable(.kindByName(kinds)), .implied("constant"),
        "How the learning rate changes over the steps of the evaluation; of a learned optimizer, its steps' length.")

    private static let kinds: [Kind] = [
        Kind("constant", "The learning rate as it is.", fields: [warmup]),
        Kind(
            "stableDecay", "Constant, then linearly to 0 (Hägele et al. 2024).",
            fields: [
                Field(
                    "decay", .number(.shrinkage), .implied(JSONValue(usualDecay)),
                    "The share of the steps over which it falls, the last ones."),
                warmup,
            ]),
        Kind("cosine", "To 0 along half a wave of the cosine (Loshchilov and Hutter 2017).", fields: [warmup]),
        Kind("linear", "Linearly to 0.", fields: [warmup]),
        Kind(
            "exponential", "By the same factor at each step.",
            fields: [
                Field("to", .number(.shrinkage), .implied(JSONValue(usualEnd)), "The factor at the end."), warmup,
            ]),
        Kind(
            "step", "By a factor after certain steps.",
            fields: [
                Field("at", .list(of: .number(.count)), "After how many steps, ascending."),
                Field("factor", .number(.shrinkage), .implied(JSONValue(usualFactor)), "What it is multiplied by."),
                warmup,
            ],
            check: { step in
                let places = step.value["at"]?.array?.compactMap(\.integer) ?? []
                return places.indices.dropFirst().filter { places[$0] <= places[$0 - 1] }.map { index in
                    Slip(
                        .key("at"), .index(index), found: "\(places[index])",
                        allowed: "more than \(places[index - 1]), which comes before it")
                }
            }),
    ]

    private static let warmup = Field(
        "warmup", .number(.whole(0...1_000_000_000)), .implied(0), "Steps over which it rises linearly at first.")

    private static let (usualDecay, usualEnd, usualFactor) = (0.3, 0.01, 0.1)

    /// The schedule that stands in an optimizer's settings; nil where none does, as where rules are no part of an
    /// evaluation.
    public init?(in settings: Settings) {
        guard let given = settings.values[Self.format.name] else { return nil }
        let own = Settings(given.object ?? ["kind": given])
        self.init(Self.shape(own), warmup: own.integer(ifGiven: "warmup") ?? 0)
    }

    private static func shape(_ settings: Settings) -> Shape {
        switch settings.text("kind") {
        case "constant": .constant
        case "stableDecay": .stableDecay(share: settings.number(ifGiven: "decay") ?? usualDecay)
        case "cosine": .cosine
        case "linear": .linear
        case "exponential": .exponential(to: settings.number(ifGiven: "to") ?? usualEnd)
        case "step":
            .stepAfter(settings.integers("at"), factor: settings.number(ifGiven: "factor") ?? usualFactor)
        case let other: preconditionFailure("no schedule is called \(other)")
        }
    }
}

/// How the learning rates of meta-training and of self-tuning may fall: the schedules that they name by a word.
public enum LearningRateDecay: String, Sendable, CaseIterable {
    case none
    case cosine
    case exponential
    case step

    public var schedule: LearningRateSchedule {
        switch self {
        case .none: .constant
        case .cosine: LearningRateSchedule(.cosine)
        case .exponential: LearningRateSchedule(.exponential(to: 0.01))
        // As Chen, Lu and Fokoue 2018 have it.
        case .step: LearningRateSchedule(.step(at: [0.6, 0.76, 0.88], factor: 0.1))
        }
    }

    /// How meta-training names it.
    public static let format = Field(
        "learningRateDecay", .choice(allCases.map(\.rawValue)), default: .string(Self.none.rawValue),
        "Over all meta-steps: `cosine` to 0, `exponential` to a hundredth, `step` to a tenth at 60%, 76% and 88%.")
}
