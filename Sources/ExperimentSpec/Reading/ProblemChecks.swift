import Nouns
import Wording

extension CrossChecks {
    /// An ensemble has as many weights as problems.
    mutating func checkEnsembles() {
        let base = filled["problem"]
        check(ensemble: base, at: Self.problem)
        for (index, problem) in (filled["evaluation"]?["problems"]?.array ?? []).enumerated() {
            // What it has of the base is reported there.
            let differs = ["problems", "weights"].contains { problem[$0] != base?[$0] }
            if differs { check(ensemble: problem, at: Self.problems.appending(index)) }
        }
    }

    private mutating func check(ensemble: JSONValue?, at path: JSONPath) {
        guard let problems = ensemble?["problems"]?.array, let weights = ensemble?["weights"]?.array,
            problems.count != weights.count
        else { return }
        checker.report(
            path.appending("weights"),
            found: "\(counted(weights.count, "weight")) for \(counted(problems.count, "problem"))",
            allowed: "one for each problem")
    }

    /// A meta-training that follows derivatives needs a problem that has some.
    mutating func checkDerivatives() {
        guard followsDerivatives, let problem = filled["problem"] else { return }
        check(derivativesOf: problem, at: Self.problem)
        for (index, part) in (problem["problems"]?.array ?? []).enumerated() {
            check(derivativesOf: part, at: Self.problem.appending("problems").appending(index))
        }
    }

    private mutating func check(derivativesOf problem: JSONValue, at path: JSONPath) {
        for (place, value) in [
            (path.appending("student").appending("activation"), problem["student"]?["activation"]),
            (path.appending("loss"), problem["loss"]),
        ] where value == "step" || value == "zeroOne" {
            checker.report(
                place, found: "\(value?.wording ?? "") in a spec with \"metaTraining\", which follows derivatives",
                allowed: "what has a derivative that is not 0 everywhere, or a metaTraining.estimator that needs none")
        }
    }

    /// Second derivatives belong to an estimator that goes by derivatives.
    mutating func checkSecondDerivatives() {
        guard filled["metaTraining"]?["secondDerivatives"] == true, let estimator, !followsDerivatives else { return }
        checker.report(
            JSONPath.root.appending("metaTraining").appending("secondDerivatives"),
            found: "true beside the estimator \(estimator.wording), which follows no derivatives",
            allowed: "false, or the estimator \(Self.backpropagation.wording)")
    }

    /// The kind of the meta-training's estimator; nil without meta-training, or where the estimator is wrong by itself.
    private var estimator: JSONValue? {
        guard let training = filled["metaTraining"] else { return nil }
        let isGiven = checker.root["metaTraining"]?["estimator"] != nil
        return isGiven ? training["estimator"]?["kind"] : Self.backpropagation
    }

    /// Whether the meta-training, if there is one, goes by the derivatives of its problem's loss.
    private var followsDerivatives: Bool { estimator == Self.backpropagation }

    private static let backpropagation: JSONValue = "truncatedBackpropagation"
    private static let problem = JSONPath.root.appending("problem")
}
