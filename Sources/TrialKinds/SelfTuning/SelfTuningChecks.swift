import Formats
import Nouns
import Problems

/// What must hold between the fields of a self-tuning network.
struct SelfTuningChecks {
    private let part: CheckedPart

    init(_ spec: CheckedObject) {
        part = CheckedPart(spec, "selfTuning")
    }

    var slips: [Slip] { starts + names + responses + ends }

    private var hyperparameters: [JSONValue] { part.value["hyperparameters"]?.array ?? [] }

    /// Values at first lie within their spaces.
    private var starts: [Slip] {
        hyperparameters.enumerated().compactMap { index, hyperparameter in
            guard let space = hyperparameter["space"]?.object.map(Settings.init), space.isWhole,
                let initial = hyperparameter["initial"]?.double,
                !HyperparameterSpace(space).unconstrained(initial).isFinite
            else { return nil }
            return part.slip(
                .key("hyperparameters"), .index(index), .key("initial"), found: JSONValue(initial).canonicalText,
                allowed: "a value within its space, its ends not among them")
        }
    }

    /// What belongs to a linearized response, and that it is centred.
    private var responses: [Slip] {
        let isLinearized = part.value["linearized"] == true
        if isLinearized, part.value["centred"] != true {
            return [part.slip(.key("linearized"), found: "true", allowed: "false, or true beside \"centred\": true")]
        }
        guard !isLinearized, part.given["optimizers"]?["response"] != nil,
            part.value["compareWith"]?["centred"] != true
        else { return [] }
        return [
            part.slip(
                .key("optimizers"), .key("response"),
                found: "an optimizer of a response that follows that of the weights",
                allowed: "none, or one beside \"linearized\": true")
        ]
    }

    /// Random search draws from spaces with ends.
    private var ends: [Slip] {
        guard part.value["compareWith"]?["random"] != nil else { return [] }
        return hyperparameters.enumerated().compactMap { index, hyperparameter in
            guard let kind = hyperparameter["space"]?["kind"]?.string, ["positive", "unbounded"].contains(kind) else {
                return nil
            }
            return part.slip(
                .key("hyperparameters"), .index(index), .key("space"), .key("kind"), found: "\"\(kind)\"",
                allowed: "a space with two ends, such as \"logBounded\", since \"compareWith.random\" draws from it")
        }
    }

    /// Curves and results that there are in any case.
    private static let taken = [
        "loss", "trainingLoss", "validationLoss", "testLoss", "accuracy", "validationAccuracy", "distance",
        "perturbedDistance", "bestDistance", "distanceBound", "reachedRound",
    ]

    /// Curves need names of their own.
    private var names: [Slip] {
        let names = hyperparameters.map { $0["name"]?.string ?? $0["kind"]?.string }
        return names.indices.compactMap { index in
            if let name = names[index], Self.taken.contains(name) {
                return part.slip(
                    .key("hyperparameters"), .index(index), .key("name"), found: "\"\(name)\", which is another curve",
                    allowed: "a name of its own")
            }
            guard let name = names[index], let first = names[..<index].firstIndex(of: name) else { return nil }
            let list = JSONPath.Component.key("hyperparameters")
            return part.slip(
                list, .index(index), .key("name"),
                found: "\"\(name)\", which \(part.spec.path(of: .key("selfTuning"), list, .index(first))) is called",
                allowed: "a name of its own")
        }
    }
}

extension Settings {
    /// Whether a space has all its numbers, each right by itself.
    fileprivate var isWhole: Bool {
        switch text(ifGiven: "kind") {
        case "positive", "unbounded": true
        case "bounded", "logBounded", "integer": number(ifGiven: "low") != nil && number(ifGiven: "high") != nil
        default: false
        }
    }
}
