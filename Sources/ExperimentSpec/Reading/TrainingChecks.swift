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
