import Formats
import Nouns
import Wording

extension CrossChecks {
    /// A meta-training that follows derivatives needs a problem that has some.
    mutating func checkDerivatives() {
        guard estimator?.followsDerivatives == true, let problem = filled["problem"] else { return }
        let path = JSONPath.root.appending("problem")
        for (place, value) in Format.union(vocabulary.problems).choicesWithoutDerivative(in: problem, at: path) {
            checker.report(
                place, found: "\(value.wording) in a spec with \"metaTraining\", which follows derivatives",
                allowed: "what has a derivative that is not 0 everywhere, or a metaTraining.estimator that needs none")
        }
    }

    /// Second derivatives belong to an estimator that goes by derivatives.
    mutating func checkSecondDerivatives() {
        guard filled["metaTraining"]?["secondDerivatives"] == true, let estimator, !estimator.followsDerivatives else {
            return
        }
        let names = vocabulary.estimators.filter(\.followsDerivatives).map(\.kind.name)
        checker.report(
            Self.metaTraining.appending("secondDerivatives"),
            found: "true beside the estimator \"\(estimator.kind.name)\", which follows no derivatives",
            allowed: "false, or the estimator \(names.wordingOfChoice)")
    }

    /// The meta-training's estimator; nil without meta-training, or where the estimator is wrong by itself.
    private var estimator: Vocabulary.Estimator? {
        guard let training = filled["metaTraining"] else { return nil }
        let isGiven = checker.root["metaTraining"]?["estimator"] != nil
        return isGiven ? vocabulary.estimator(of: training) : vocabulary.estimators[0]
    }
}

extension Vocabulary {
    /// The estimator that a meta-training names; nil where it names none.
    func estimator(of training: JSONValue) -> Estimator? {
        let name = training["estimator"]?["kind"]?.string
        return estimators.first { $0.kind.name == name }
    }
}

extension Format {
    /// The choices in a value that make a loss without a derivative, each with its place.
    fileprivate func choicesWithoutDerivative(in value: JSONValue, at path: JSONPath) -> [(JSONPath, JSONValue)] {
        func inFields(_ fields: [Field]) -> [(JSONPath, JSONValue)] {
            fields.flatMap { field in
                value[field.name].map {
                    field.format.choicesWithoutDerivative(in: $0, at: path.appending(field.name))
                } ?? []
            }
        }
        switch self {
        case .choice(_, let names):
            return value.string.map(names.contains) == true ? [(path, value)] : []
        case .object(let object), .shorthand(_, let object):
            return inFields(object.fields)
        case .union(let kinds):
            return value["kind"]?.string.flatMap { kinds[$0] }.map { inFields($0.fields) } ?? []
        case .list(let element, _), .oneOrList(let element):
            return (value.array ?? []).enumerated().flatMap {
                element.choicesWithoutDerivative(in: $1, at: path.appending($0))
            }
        case .boolean, .number, .tunable, .numberOrChoice, .bounds, .distinct, .text, .overlay, .sweep:
            return []
        }
    }
}
