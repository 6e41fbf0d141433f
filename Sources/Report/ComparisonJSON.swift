import Analysis

extension Comparison {
    /// The comparison for programs, with the keys of the specification and some more, always in the same order.
    ///
    /// An infinite mean (a trial diverged) and the ends of an interval that does not exist are `null`.
    public func json() -> String {
        let comparison = OrderedJSON.members([
            "experiment": .string(experiment),
            "version": version.map(OrderedJSON.string) ?? .null,
            "question": question.map(OrderedJSON.string) ?? .null,
            "data": .array(data.map(OrderedJSON.string)),
            "unfinishedTrials": .integer(Int64(unfinishedTrials)),
            "failedTrials": .integer(Int64(failedTrials)),
            "interval": .members([
                "method": .string(BootstrapInterval.method),
                "confidence": .number(BootstrapInterval.confidence),
                "resamples": .integer(Int64(BootstrapInterval.resamples)),
            ]),
            "problems": .array(problems.map(\.json)),
        ])
        return comparison.text() + "\n"
    }
}

extension ProblemComparison {
    fileprivate var json: OrderedJSON {
        .members([
            "name": .string(name),
            "optimizers": .array(optimizers.map(\.json)),
            "pairs": .array(pairs.map(\.json)),
            "verdict": .string(verdict),
        ])
    }
}

extension OptimizerSummary {
    fileprivate var json: OrderedJSON {
        .members([
            "name": .string(name),
            "trials": .integer(Int64(trials)),
            "diverged": .integer(Int64(diverged)),
            "tuned": .object(
                tunedSettings.map { ($0.name, Double($0.value).map(OrderedJSON.number) ?? .string($0.value)) }),
            "finalLoss": finalLoss.json,
            "testLoss": testLoss?.json ?? .null,
            "accuracy": accuracy?.json ?? .null,
            "meanCurve": .array(meanCurve.map(OrderedJSON.number)),
        ])
    }
}

extension SampleSummary {
    fileprivate var json: OrderedJSON {
        .members([
            "mean": .number(mean),
            "median": .number(median),
            "low": interval.map { .number($0.low) } ?? .null,
            "high": interval.map { .number($0.high) } ?? .null,
            "standardDeviation": standardDeviation.map(OrderedJSON.number) ?? .null,
        ])
    }
}

extension PairComparison {
    fileprivate var json: OrderedJSON {
        .members([
            "a": .string(a),
            "b": .string(b),
            "wins": .integer(Int64(wins)),
            "losses": .integer(Int64(losses)),
            "ties": .integer(Int64(ties)),
            "pValue": .number(pValue),
            "pValueHolm": .number(pValueHolm),
        ])
    }
}
