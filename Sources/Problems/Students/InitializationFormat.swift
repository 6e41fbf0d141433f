import Formats
import Nouns
import Wording

/// What specs say of how a student's weights are drawn.
enum InitializationFormat {
    private static let names = ["paper", "glorot"]

    static let format = Format.choiceOrObject(
        names,
        ObjectFormat([
            Field(
                "deviations", .list(of: .number(.nonNegative)),
                "The standard deviation of each layer's weights, which are normal with mean 0: one for each layer that has "
                    + "weights, in order."),
            Field(
                "biases", .list(of: .number(NumberRange(-1000...1000))), .optional,
                "What the biases of each layer are, one number for each. Left out: 0."),
        ]))

    static let meaning =
        "How weights are drawn: `paper`, all normal with standard deviation 0.01, `glorot`, Glorot normal, or layer by layer."

    /// The lists are as long as the student has layers with weights.
    ///
    /// - Parameters:
    ///   - layers: how many it has; nil where trials draw that.
    ///   - place: where in the problem the initialization stands.
    static func slips(_ value: JSONValue, layers: Int?, at place: [JSONPath.Component]) -> [Slip] {
        guard let deviations = value["deviations"]?.array?.count else { return [] }
        guard let layers else {
            return [
                Slip(
                    at: place, found: "deviations of single layers for a number of layers that trials draw",
                    allowed: names.wordingOfChoice)
            ]
        }
        let biases = value["biases"]?.array?.count
        let lists = [("deviations", Optional(deviations)), ("biases", biases)]
        return lists.compactMap { name, count in
            guard let count, count != layers else { return nil }
            return Slip(
                at: place + [.key(name)], found: counted(count, "number"),
                allowed: "one for each layer that has weights, \(layers) in all")
        }
    }
}

extension Student.Initialization {
    /// Of a student's settings; nil where they say nothing.
    init?(_ student: Settings) {
        guard let layers = student.settings(ifGiven: "initialization") else {
            switch student.text(ifGiven: "initialization") {
            case "paper": self = .paper
            case "glorot": self = .glorot
            default: return nil
            }
            return
        }
        let deviations = layers.numbers("deviations")
        let biases = layers.numbers(ifGiven: "biases") ?? deviations.map { _ in 0 }
        self = .byLayer(zip(deviations, biases).map { Layer(deviation: $0, bias: $1) })
    }
}
