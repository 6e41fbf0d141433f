import Formats
import Nouns

extension UpdateRuleKind {
    public static let kfac = UpdateRuleKind(
        "kfac",
        "Kronecker-factored approximate curvature (Martens and Grosse 2015; Grosse and Martens 2016), of students with cross-entropy or squared error.",
        learningRate: 0.1,
        fields: [
            Field("damping", .number(.positive), default: 0.01, "λ, shared out between the two factors of each layer."),
            Field("decay", .number(.decay), default: 0.95, "Decay of the factors' averages."),
            Field("momentum", .number(.decay), default: 0, "Decay of the sum of steps."),
            Field(
                "klClip", .number(.positive), .optional,
                "A bound on a step's squared length, as the curvature measures it. Left out: none. Other programs have 0.001."
            ),
            Field(
                "longestSide", .number(.whole(1...4096)), default: 640,
                "Longer sides of a layer have the factor of each minibatch alone, which is not averaged."),
        ]
    ) { rate, settings in
        KroneckerFactored(
            learningRate: rate, damping: settings.number("damping"), decay: settings.number("decay"),
            momentum: settings.number("momentum"), klClip: settings.number(ifGiven: "klClip"),
            longestSide: settings.integer("longestSide"))
    }
}
