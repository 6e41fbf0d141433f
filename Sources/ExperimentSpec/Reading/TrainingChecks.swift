import Nouns

extension CrossChecks {
    /// Stages of a curriculum come one after the other, and are whole unrolls.
    mutating func checkCurriculum() {
        let training = filled["metaTraining"]
        let stages = training?["curriculum"]?.array ?? []
        for (index, stage) in stages.enumerated() {
            let path = Self.metaTraining.appending("curriculum").appending(index)
            if let steps = stage["steps"]?.integer, let length = training?["unrollLength"]?.integer,
                !steps.isMultiple(of: length)
            {
                checker.report(
                    path.appending("steps"), found: "\(steps)",
                    allowed: "a multiple of metaTraining.unrollLength, which is \(length)")
            }
            if index > 0, let before = stages[index - 1]["until"]?.integer, let until = stage["until"]?.integer,
                until <= before
            {
                checker.report(
                    path.appending("until"), found: "\(until)",
                    allowed: "more than the \(before) of the stage before it")
            }
        }
    }

    /// The most steps of optimizees that a meta-training may take: a fast machine's years, and mostly a slip.
    static let mostSteps = 1e15

    /// Products of counts that are each in range may be absurd.
    mutating func checkWork() {
        guard let training = filled["metaTraining"], let epochs = training["epochs"]?.double,
            let steps = training["steps"]?.double, let every = training["evaluation"]?["every"]?.double,
            let evaluationEpochs = training["evaluation"]?["epochs"]?.double
        else { return }
        let passes = training["estimator"].flatMap { vocabulary.estimator(of: training)?.passes($0) } ?? 1
        let longest = (training["curriculum"]?.array ?? []).compactMap { $0["steps"]?.double }.reduce(steps, max)
        let evaluations = (epochs / every).rounded(.down) + 1
        let (trained, evaluated) = (epochs * longest * passes, evaluations * evaluationEpochs * steps)
        guard trained + evaluated > Self.mostSteps else { return }
        func text(_ number: Double) -> String { JSONValue(number).canonicalText }
        checker.report(
            Self.metaTraining,
            found: "\(text(trained)) steps of optimizees in its epochs and \(text(evaluated)) in its evaluations",
            allowed: "at most \(text(Self.mostSteps)) in all: fewer \"epochs\" or \"steps\", or fewer evaluations")
    }

    /// The range of random scaling has its lower end first.
    mutating func checkRandomScaling() {
        let scaling = filled["metaTraining"]?["randomScaling"]
        guard let low = scaling?["low"]?.double, let high = scaling?["high"]?.double, low > high else { return }
        checker.report(
            Self.metaTraining.appending("randomScaling"),
            found: "a \"low\" of \(JSONValue(low).canonicalText) above a \"high\" of \(JSONValue(high).canonicalText)",
            allowed: "a \"low\" that is at most \"high\"")
    }
}
