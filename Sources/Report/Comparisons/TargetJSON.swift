import Analysis
import Nouns

extension TargetComparison {
    /// How soon optimizers reach a target, for programs; a median or an end of an interval that was never reached is
    /// infinite, written as ``OrderedJSON`` does.
    var json: OrderedJSON {
        .members([
            "value": .number(target.value),
            "metric": .string(target.metric.name),
            "higherIsBetter": .bool(target.metric.higherIsBetter),
            "window": .integer(Int64(target.window)),
            "optimizers": .array(optimizers.map(\.json)),
            "pairs": .array(pairs.map(\.json)),
        ])
    }
}

extension TargetComparison.Summary {
    fileprivate var json: OrderedJSON {
        .members([
            "name": .string(name),
            "trials": .integer(Int64(trials)),
            "reached": .integer(Int64(reached)),
            "steps": steps.map(\.json) ?? .null,
            "seconds": seconds.map(\.json) ?? .null,
        ])
    }
}

extension CensoredMedian {
    fileprivate var json: OrderedJSON {
        .members([
            "median": .number(value),
            "low": interval.map { .number($0.lowerBound) } ?? .null,
            "high": interval.map { .number($0.upperBound) } ?? .null,
        ])
    }
}

extension ComparedExperiment {
    var json: OrderedJSON {
        .members([
            "label": .string(label),
            "name": .string(name),
            "version": .string(version),
            "question": question.map(OrderedJSON.string) ?? .null,
            "steps": .array(steps.map { .integer(Int64($0)) }),
        ])
    }
}
