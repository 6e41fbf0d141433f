import Analysis
import Nouns

extension Comparison {
    /// The comparison for programs, with the keys of the specification and some more, always in the same order.
    ///
    /// An infinite mean (a trial diverged) is the text `"Infinity"`; the ends of an interval that does not exist and the
    /// p-value of a pair in which there is nothing to test are `null`.
    public func json() -> String { value.text() + "\n" }

    /// The same as a value, to stand in a larger one.
    var value: OrderedJSON {
        .members([
            "experiment": .string(experiment),
            "version": version.map(OrderedJSON.string) ?? .null,
            "question": question.map(OrderedJSON.string) ?? .null,
            "metric": .string(criteria.metric.name),
            "higherIsBetter": .bool(criteria.metric.higherIsBetter),
            "against": .array(criteria.against.map(OrderedJSON.string)),
            "data": .array(provenance.datasets.map { .string($0.dataset.inWords) }),
            "datasets": .array(provenance.datasets.map(\.json)),
            "kernelTables": .array(provenance.kernelTables.map(\.json)),
            "programVersions": .array(provenance.programVersions.map(\.json)),
            "otherData": .array(provenance.otherData.map(\.json)),
            "unfinishedTrials": .integer(Int64(unfinishedTrials)),
            "failedTrials": .integer(Int64(failedTrials)),
            "interval": .members([
                "method": .string(BootstrapInterval.Method.resampling.rawValue),
                "confidence": .number(BootstrapInterval.confidence),
                "resamples": .integer(Int64(BootstrapInterval.resamples)),
            ]),
            "problems": .array(problems.map(\.json)),
            "experiments": .array(experiments.map(\.json)),
            "by": byField.map(\.json) ?? .null,
        ])
    }
}

extension Provenance.Count {
    fileprivate var json: OrderedJSON { .members(["name": .string(name), "trials": .integer(Int64(trials))]) }
}

extension Provenance.DatasetUse {
    var json: OrderedJSON { .object(members) }

    fileprivate var members: [(key: String, value: OrderedJSON)] {
        [
            ("name", .string(dataset.name)),
            ("origin", .string(dataset.origin)),
            ("checksum", .string(dataset.checksum)),
            ("note", dataset.note.map(OrderedJSON.string) ?? .null),
            ("trials", .integer(Int64(trials))),
        ]
    }
}

extension Provenance.OtherData {
    fileprivate var json: OrderedJSON {
        .object([("kind", .string(kind.kind.rawValue)), ("problem", .string(problem))] + use.members)
    }
}

extension ProblemComparison {
    fileprivate var json: OrderedJSON {
        let thresholds = PerformanceProfile.thresholds(over: optimizers.flatMap(\.compared.values))
        return .members([
            "name": .string(name),
            "optimizers": .array(optimizers.map { $0.json(profiledAt: thresholds) }),
            "profileThresholds": .array(thresholds.map(OrderedJSON.number)),
            "pairs": .array(pairs.map(\.json)),
            "verdict": .string(verdict),
            "byDepth": groups(by: .depth),
            "byWeights": groups(by: .weights),
            "target": target.map(\.json) ?? .null,
        ])
    }

    /// Empty where students do not differ in this property.
    private func groups(by property: ArchitectureProperty) -> OrderedJSON {
        .array((grouping(by: property)?.groups ?? []).map(\.json))
    }
}

extension ArchitectureGroup {
    fileprivate var json: OrderedJSON {
        .object(
            [
                ("label", .string(label)),
                ("from", .integer(Int64(range.lowerBound))),
                ("below", .integer(Int64(range.upperBound))),
                ("students", .integer(Int64(students.count))),
            ] + comparison.groupMembers)
    }
}

extension ProblemComparison {
    /// What is told of a group.
    var groupMembers: [(key: String, value: OrderedJSON)] {
        [
            ("optimizers", .array(optimizers.map { .object($0.results) })),
            ("pairs", .array(pairs.map(\.json))),
            ("verdict", .string(verdict)),
            ("target", target.map(\.json) ?? .null),
        ]
    }
}

extension OptimizerSummary {
    /// - Parameter thresholds: of the performance profiles of all optimizers of the problem.
    fileprivate func json(profiledAt thresholds: [Double]) -> OrderedJSON {
        let settings = tuning?.settings ?? []
        return .object(
            results + [
                ("tuned", tuning.tuned),
                ("tuning", .object(settings.map { ($0.name, $0.json) })),
                ("tuningCandidates", .array(tuning?.json ?? [])),
                ("performanceProfile", .array(profile(at: thresholds).shares.map(OrderedJSON.number))),
                ("meanCurve", .array(meanCurve.map(OrderedJSON.number))),
            ])
    }

    /// What is told of a group too.
    fileprivate var results: [(key: String, value: OrderedJSON)] {
        [
            ("name", .string(name)),
            ("trials", .integer(Int64(trials))),
            ("recordedTrials", .integer(Int64(recordedTrials))),
            ("seedChangesNothing", .bool(seedChangesNothing)),
            ("diverged", .integer(Int64(diverged))),
            ("missing", .integer(Int64(missing))),
            ("replicates", .array(replicates.map(\.json))),
            ("interquartileMean", compared.count > 0 ? .number(compared.interquartileMean) : .null),
            ("worstReplicate", worstReplicate.map(OrderedJSON.number) ?? .null),
        ] + told.map { ($0.name, summary(of: $0)?.json ?? .null) }
    }
}

extension ReplicateSummary {
    fileprivate var json: OrderedJSON {
        .members([
            "replicate": .integer(Int64(replicate.number)),
            "seed": replicate.seed.map { .integer(Int64($0)) } ?? .null,
            "mean": .number(mean),
            "beats": .object(beats.sorted { $0.key < $1.key }.map { ($0.key, .bool($0.value)) }),
            "tuned": tuning.tuned,
        ])
    }
}

extension OptimizerTuning? {
    /// The chosen value of each setting.
    fileprivate var tuned: OrderedJSON {
        .object((self?.settings ?? []).map { ($0.name, .settingValue($0.value)) })
    }
}

extension OrderedJSON {
    /// A value of a setting: a number or an object wherever it can be read as one.
    fileprivate static func settingValue(_ text: String) -> OrderedJSON {
        if let number = Double(text) { return .number(number) }
        guard let value = JSONValue(parsing: text), value.object != nil else { return .string(text) }
        return OrderedJSON(value)
    }
}

extension TunedSetting {
    fileprivate var json: OrderedJSON {
        .members([
            "chosen": .settingValue(value),
            "candidates": .array(candidates.map(OrderedJSON.settingValue)),
            "onEdge": .bool(edge != nil),
        ])
    }
}

extension OptimizerTuning {
    fileprivate var json: [OrderedJSON] {
        candidates.map { candidate in
            .members([
                "settings": .object(zip(settings, candidate.values).map { ($0.name, .settingValue($1)) }),
                "meanFinalLoss": .number(candidate.meanFinalLoss),
                "trials": .integer(Int64(candidate.trials)),
                "diverged": .integer(Int64(candidate.diverged)),
                "chosen": .bool(candidate.isChosen),
            ])
        }
    }
}

extension SampleSummary {
    var json: OrderedJSON {
        .members([
            "mean": .number(mean),
            "median": .number(median),
            "low": interval.map { .number($0.low) } ?? .null,
            "high": interval.map { .number($0.high) } ?? .null,
            "intervalMethod": interval.map { .string($0.method.rawValue) } ?? .null,
            "standardDeviation": standardDeviation.map(OrderedJSON.number) ?? .null,
        ])
    }
}

extension PairComparison {
    var json: OrderedJSON {
        .members([
            "a": .string(a),
            "b": .string(b),
            "wins": .integer(Int64(wins)),
            "losses": .integer(Int64(losses)),
            "ties": .integer(Int64(ties)),
            "seedChangesNothing": .bool(seedChangesNothing),
            "pValue": pValue.map(OrderedJSON.number) ?? .null,
            "pValueHolm": pValueHolm.map(OrderedJSON.number) ?? .null,
            "test": .string(test.rawValue),
            "replicatesWon": replicates.map { .integer(Int64($0.won)) } ?? .null,
            "replicatesOf": replicates.map { .string($0.optimizer) } ?? .null,
            "whyUnpaired": whyUnpaired.map(OrderedJSON.string) ?? .null,
            "superiority": superiority.map(OrderedJSON.number) ?? .null,
            "rankBiserial": rankBiserial.map(OrderedJSON.number) ?? .null,
            "difference": difference.count == 0 ? .null : difference.json,
        ])
    }
}
