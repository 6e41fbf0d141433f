import Formats
import MetaTraining

extension Safeguards {
    /// What a spec says of them.
    static let fields = [
        Field(
            "returnToBest",
            .object(
                ObjectFormat([
                    Field(
                        "evaluations", .number(.count), default: 2,
                        "After how many evaluations in a row that are no better than the best."),
                    Field(
                        "rateFactor", .number(.share), default: 0.5,
                        "What the meta-optimizer's steps are multiplied by from then on, once a return."),
                ])), .optional,
            "Going back to the best meta-parameters when evaluations get worse (Chen et al. 2020). Left out: never."),
        Field(
            "selection",
            .object(
                ObjectFormat([
                    Field(
                        "checkpoints", .number(.whole(2...1000)), default: 4,
                        "The best of the evaluations that are tried again."),
                    Field("epochs", .number(.count), default: 50, "On how many problems that no evaluation has seen."),
                ])), .optional,
            "A last choice among the best evaluations, on fresh problems: the lowest of many evaluations is partly luck. Left "
                + "out: the lowest evaluation."),
        Field(
            "leaveOut", .number(.whole(0...1_000_000)), .implied(0),
            "How many times a student may be left out of a meta-step, for a meta-loss or meta-gradient that is not finite; it "
                + "begins another problem then. One more, and the training fails."),
    ]

    /// - Parameter training: the part `metaTraining` of a spec.
    init(_ training: Settings) {
        self.init(
            leavesOut: training.integer(ifGiven: "leaveOut") ?? 0,
            returning: training.settings(ifGiven: "returnToBest").map {
                Returning(evaluations: $0.integer("evaluations"), rateFactor: $0.number("rateFactor"))
            },
            selection: training.settings(ifGiven: "selection").map {
                Selection(checkpoints: $0.integer("checkpoints"), epochs: $0.integer("epochs"))
            })
    }
}
