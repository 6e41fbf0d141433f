import ExperimentSpec
import Formats
import Nouns

/// One of the ways of finding hyperparameters that a spec compares: the self-tuned network, and its rivals.
struct SelfTuningVariant {
    let name: String
    /// The part `selfTuning` of the spec, as far as it matters to this one.
    let content: [String: JSONValue]

    /// Random search tries so many.
    static let candidates = "candidates"
    /// Hyperparameters that don't change, by name.
    static let fixed = "fixed"

    /// All that a spec asks for, the self-tuned network first.
    static func all(_ part: Settings) -> [SelfTuningVariant] {
        let own = part.values.filter { !["repeats", "compareWith"].contains($0.key) }
        let rivals = part.settings(ifGiven: "compareWith")
        var variants = [SelfTuningVariant(name: "self-tuned", content: own)]
        if rivals?.flag(ifGiven: "centred") == true {
            variants.append(
                SelfTuningVariant(name: "centred", content: own.merging(["centred": true, "linearized": true]) { $1 }))
        }
        let untuned = withoutTuning(own)
        variants += grid(rivals?.values["grid"]?.object ?? [:]).map { values in
            SelfTuningVariant(name: "fixed", content: untuned.merging([fixed: .object(values)]) { $1 })
        }
        if let random = rivals?.settings(ifGiven: "random") {
            let count = random.values["budget"]?.integer ?? equalCandidates(part)
            variants.append(
                SelfTuningVariant(name: "random search", content: untuned.merging([candidates: .integer(count)]) { $1 })
            )
        }
        return variants
    }

    /// How many ``all(_:)`` has: a grid may have more points than there is memory for.
    static func count(_ part: Settings) -> Double {
        let rivals = part.settings(ifGiven: "compareWith")
        let lists = rivals?.values["grid"]?.object ?? [:]
        let points = lists.isEmpty ? 0 : lists.values.reduce(1.0) { $0 * Double($1.array?.count ?? 0) }
        let others = [rivals?.flag(ifGiven: "centred") == true, rivals?.settings(ifGiven: "random") != nil]
        return 1 + points + Double(others.count { $0 })
    }

    /// What doesn't matter where hyperparameters stay as they are.
    private static func withoutTuning(_ content: [String: JSONValue]) -> [String: JSONValue] {
        var content = content.filter {
            !["response", "centred", "linearized", "entropy", "hyperparameterSteps"].contains($0.key)
        }
        content["optimizers"] = content["optimizers"]?.object.map { .object($0.filter { $0.key == "weights" }) }
        return content
    }

    /// All combinations of values, the last name changing fastest.
    private static func grid(_ lists: [String: JSONValue]) -> [[String: JSONValue]] {
        guard !lists.isEmpty else { return [] }
        return lists.keys.sorted().reduce([[:]]) { products, name in
            products.flatMap { product in
                (lists[name]?.array ?? []).map { value in product.merging([name: value]) { $1 } }
            }
        }
    }

    /// How many fixed trainings cost as much as one that tunes itself, in products of matrices, rounded up.
    ///
    /// A fixed weight step has three a layer (forward, and backward to inputs and to weights). A response doubles them. A
    /// hyperparameter step leaves out those to weights, and goes twice: for the values and for their scales. Δ-STN's two
    /// passes of a weight step are not counted.
    static func equalCandidates(_ part: Settings) -> Int {
        let (weightSteps, tuningSteps) = (part.integer("weightSteps"), part.integer("hyperparameterSteps"))
        let own = 2 * (3 * weightSteps + 4 * tuningSteps)
        let fixed = 3 * weightSteps
        return (own + fixed - 1) / fixed
    }
}
