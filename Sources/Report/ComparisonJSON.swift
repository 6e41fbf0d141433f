import Analysis

extension Comparison {
    /// The comparison for programs, with the keys of the specification and some more, always in the same order.
    ///
    /// An infinite mean (a trial diverged) is the text `"Infinity"`; the ends of an interval that does not exist are
    /// `null`.
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
            "byDepth": groups(by: .depth),
            "byWeights": groups(by: .weights),
        ])
    }

    /// Empty where students do not differ in this property.
    private func groups(by property: ArchitectureProperty) -> OrderedJSON {
        .array((grouping(by: property)?.groups ?? []).map(\.json))
    }
}

extension ArchitectureGroup {
    fileprivate var json: OrderedJSON {
        .members([
            "label": .string(label),
            "from": .integer(Int64(range.lowerBound)),
            "below": .integer(Int64(range.upperBound)),
            "students": .integer(Int64(students.count)),
            "optimizers": .array(comparison.optimizers.map { .object($0.results) }),
            "pairs": .array(comparison.pairs.map(\.json)),
            "verdict": .string(comparison.verdict),
        ])
    }
}

extension OptimizerSummary {
    fileprivate var json: OrderedJSON {
        let tuned = tunedSettings.map { ($0.name, Double($0.value).map(OrderedJSON.number) ?? .string($0.value)) }
        return .object(
            results + [("tuned", .object(tuned)), ("meanCurve", .array(meanCurve.map(OrderedJSON.number)))])
    }

    /// What is told of a group too.
    fileprivate var results: [(key: String, value: OrderedJSON)] {
        [
            ("name", .string(name)),
            ("trials", .integer(Int64(trials))),
            ("diverged", .integer(Int64(diverged))),
            ("finalLoss", finalLoss.json),
            ("testLoss", testLoss?.json ?? .null),
            ("accuracy", accuracy?.json ?? .null),
        ]
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
