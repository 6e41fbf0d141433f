import ExperimentSpec
import Formats
import MetaTraining
import Nouns
import Wording

/// What must hold between the fields of a meta-training, and between them and the problem.
struct MetaTrainingChecks {
    private let training: CheckedPart
    private let vocabulary: Vocabulary

    init(_ spec: CheckedObject, _ vocabulary: Vocabulary) {
        training = CheckedPart(spec, "metaTraining")
        self.vocabulary = vocabulary
    }

    var slips: [Slip] {
        guard training.value != .null else { return [] }
        return EpochSchedule.slipsOfLengths(training) + groups + EpochSchedule.slipsOfCurriculum(training)
            + EpochSchedule.slipsOfVariation(training) + EpochSchedule.slipsOfGrowth(training) + oneMemory
            + randomScaling + work + derivatives
            + secondDerivatives + lossWeights
    }

    private var groups: [Slip] {
        vocabulary.slipsOfGroups(training.spec.part(.key("metaTraining"))).map { $0.inside(.key("metaTraining")) }
    }

    /// What is kept from problem to problem is of one student after the other.
    private var oneMemory: [Slip] {
        let replays = training.given["replay"] != nil
        guard let estimator, replays || !estimator.weighsLosses else { return [] }
        return ["students", "starts"].filter { training.given[$0] != nil && training.given[$0] != .integer(1) }
            .map { name in
                training.slip(
                    .key(name),
                    found:
                        "several beside \(replays ? "\"replay\"" : "the estimator \"\(estimator.kind.name)\""), which "
                        + "learns from one student after the other",
                    allowed: "leaving it out")
            }
    }

    /// The range of random scaling has its lower end first.
    private var randomScaling: [Slip] {
        let scaling = training.value["randomScaling"]
        guard let low = scaling?["low"]?.double, let high = scaling?["high"]?.double, low > high else { return [] }
        return [
            training.slip(
                .key("randomScaling"),
                found:
                    "a \"low\" of \(JSONValue(low).canonicalText) above a \"high\" of \(JSONValue(high).canonicalText)",
                allowed: "a \"low\" that is at most \"high\"")
        ]
    }

    /// The most steps of optimizees that a meta-training may take: a fast machine's years, and mostly a slip.
    private static let mostSteps = 1e15

    /// Products of counts that are each in range may be absurd.
    private var work: [Slip] {
        let value = training.value
        guard let epochs = value["epochs"]?.double, let steps = value["steps"]?.double,
            let every = value["evaluation"]?["every"]?.double,
            let evaluationEpochs = value["evaluation"]?["epochs"]?.double
        else { return [] }
        let passes = value["estimator"].flatMap { settings in named?.passes(settings) } ?? 1
        let longest = (value["curriculum"]?.array ?? []).compactMap { $0["steps"]?.double }
            .reduce(max(steps, value["variedSteps"]?["high"]?.double ?? 0), max)
        let students = value["students"]?.double ?? 1
        let startEpochs = (value["starts"]?["count"]?.double ?? 0) * (value["starts"]?["epochs"]?.double ?? 0)
        let evaluations = ((epochs + startEpochs) / every).rounded(.down) + 1
        let chosen =
            (value["selection"]?["checkpoints"]?.double ?? 0) * (value["selection"]?["epochs"]?.double ?? 0)
        let trained = (epochs + startEpochs) * longest * passes * students
        let evaluated = (evaluations * evaluationEpochs + chosen) * steps
        guard trained + evaluated > Self.mostSteps else { return [] }
        func text(_ number: Double) -> String { JSONValue(number).canonicalText }
        return [
            training.slip(
                found: "\(text(trained)) steps of optimizees in its epochs and \(text(evaluated)) in its evaluations",
                allowed: "at most \(text(Self.mostSteps)) in all: fewer \"epochs\" or \"steps\", or fewer evaluations")
        ]
    }

    /// A meta-training that follows derivatives needs a problem that has some.
    private var derivatives: [Slip] {
        guard estimator?.followsDerivatives == true, let problem = training.spec.value["problem"] else { return [] }
        return vocabulary.choicesWithoutDerivative(in: problem).map { place, value in
            Slip(
                at: [.key("problem")] + place,
                found: "\(value.wording) in a spec with \"metaTraining\", which follows derivatives",
                allowed: "what has a derivative that is not 0 everywhere, or a metaTraining.estimator that needs none")
        }
    }

    /// Second derivatives belong to an estimator that goes by derivatives.
    private var secondDerivatives: [Slip] {
        guard training.value["secondDerivatives"] == true, let estimator, !estimator.takesSecondDerivatives else {
            return []
        }
        let names = vocabulary.estimators.filter(\.takesSecondDerivatives).map(\.kind.name)
        let what = estimator.followsDerivatives ? "takes curvature as data" : "follows no derivatives"
        return [
            training.slip(
                .key("secondDerivatives"),
                found: "true beside the estimator \"\(estimator.kind.name)\", which \(what)",
                allowed: "false, or the estimator \(names.wordingOfChoice)")
        ]
    }

    /// Weights of losses belong to an estimator whose meta-loss is their sum.
    private var lossWeights: [Slip] {
        guard training.given["lossWeights"] == .string(LossWeights.finalName), let estimator, !estimator.weighsLosses
        else { return [] }
        let names = vocabulary.estimators.filter(\.weighsLosses).map(\.kind.name)
        return [
            training.slip(
                .key("lossWeights"),
                found:
                    "\"\(LossWeights.finalName)\" beside the estimator \"\(estimator.kind.name)\", which does not sum "
                    + "up losses of steps",
                allowed: "\"equal\", or the estimator \(names.wordingOfChoice)")
        ]
    }

    /// The estimator, the default where none is given; nil where the estimator is wrong by itself.
    private var estimator: Vocabulary.Estimator? {
        training.given["estimator"] == nil ? vocabulary.estimators[0] : named
    }

    /// The estimator that is named; nil where none is.
    private var named: Vocabulary.Estimator? {
        let name = training.value["estimator"]?["kind"]?.string
        return vocabulary.estimators.first { $0.kind.name == name }
    }
}
