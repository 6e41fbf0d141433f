import Formats
import Nouns
import TensorEngine
import Wording

/// Ensembles of what each of several families draws.
public struct EnsembleFamily: ProblemFamily {
    private let families: [any ProblemFamily]
    private let weights: [Double]

    /// - Parameter weights: one for each family.
    public init(_ families: [any ProblemFamily], weights: [Double]) {
        self.families = families
        self.weights = weights
    }

    public func problem(_ key: RandomKey) -> Problem {
        Problem(Ensemble(families.enumerated().map { $1.problem(Ensemble.key(ofProblem: $0, key)) }, weights: weights))
    }

    public var isUniform: Bool { families.allSatisfy(\.isUniform) }

    public var misfit: String? {
        for (index, family) in families.enumerated() {
            if let misfit = family.misfit { return "problems[\(index)].\(misfit)" }
        }
        return nil
    }

    public func record(_ key: RandomKey, isDrawnAgain: Bool) -> ProblemRecord {
        let records = families.enumerated().map { index, family in
            family.record(Ensemble.key(ofProblem: index, key), isDrawnAgain: isDrawnAgain)
        }
        let networks = records.map(\.architecture)
        return ProblemRecord(
            datasets: records.flatMap(\.datasets),
            architecture: networks.contains { $0 != nil } ? .array(networks.map { $0 ?? .null }) : nil)
    }
}

extension ProblemKind {
    /// ``EnsembleFamily``.
    public static let ensemble = ProblemKind(
        "ensemble", "A weighted sum of problems.",
        fields: { names in
            [
                Field(
                    "problems", .list(of: .union(names.problems)),
                    "The problems. Parameters of the first are called `1/...`."),
                Field(
                    "weights", .list(of: .number(.positive)), .optional,
                    "What the losses are multiplied by, one for each problem. Left out: all 1."),
            ]
        },
        check: { ensemble in
            guard let problems = ensemble.value["problems"]?.array, let weights = ensemble.value["weights"]?.array,
                problems.count != weights.count
            else { return [] }
            return [
                Slip(
                    .key("weights"),
                    found: "\(counted(weights.count, "weight")) for \(counted(problems.count, "problem"))",
                    allowed: "one for each problem")
            ]
        },
        parts: { $0.list("problems") }
    ) { settings, surroundings in
        let families = settings.list("problems").map(surroundings.part)
        return EnsembleFamily(families, weights: settings.numbers(ifGiven: "weights") ?? families.map { _ in 1 })
    }
}
