import JournalStore
import Nouns

/// A curve of another program's run.
struct ImportedCurve {
    private(set) var steps: [Int] = []
    private(set) var values: [Double] = []

    /// Takes the next point told. A program that was started again tells some steps a second time: the last stands.
    mutating func add(step: Int, _ value: Double) {
        while let last = steps.last, last >= step {
            steps.removeLast()
            values.removeLast()
        }
        steps.append(step)
        values.append(value)
    }

    init() {}

    /// - Parameter points: in the order told. Where all have one step, nobody told any, and they are numbered.
    init(_ points: [(step: Int, value: Double)]) {
        guard Set(points.map(\.step)).count > 1 else {
            steps = Array(points.indices)
            values = points.map(\.value)
            return
        }
        for (_, point) in points.enumerated().sorted(by: { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }
        ) {
            add(step: point.step, point.value)
        }
    }
}

/// A run of another program, as it becomes a trial.
public struct ImportedRun {
    /// What tells it from the other runs of its experiment.
    let identity: String
    let name: String
    var parameters: [String: String] = [:]
    var tags: [String: String] = [:]
    var status = TrialStatus.completed
    var seconds = 0.0
    let curves: [String: ImportedCurve]

    init(identity: String, name: String, curves: [String: ImportedCurve]) {
        self.identity = identity
        self.name = name
        self.curves = curves
    }

    /// What a comparison groups by: the parameter `optimizer`, or what the run is called.
    var optimizer: String { label(["optimizer", "optim", "opt"]) ?? Self.label(name) }
    var problem: String { label(["problem", "task", "dataset", "model"]) ?? "imported" }
    var seed: Int {
        ["seed", "random_seed", "random_state"].lazy.compactMap { parameters[$0].flatMap { Int($0) } }.first ?? 0
    }

    private func label(_ names: [String]) -> String? {
        names.lazy.compactMap { parameters[$0] }.first { !$0.isEmpty }.map(Self.label)
    }

    /// On one line.
    private static func label(_ text: String) -> String {
        let line = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
        return line.isEmpty ? "run" : String(line)
    }

    var settings: String {
        func value(_ text: String) -> JSONValue {
            if let number = Int(text) { return .integer(number) }
            if let number = Double(text), number.isFinite { return .number(number) }
            return .string(text)
        }
        return JSONValue.object(parameters.mapValues(value)).canonicalText
    }

    var tagText: String { JSONValue.object(tags.mapValues { .string($0) }).canonicalText }

    /// The last value of each curve by its name, and those of the loss as every trial has them.
    var results: TrialResults {
        var values: [Metric: Double] = [:]
        for (name, curve) in curves { values[Metric(name)] = curve.values.last }
        if let loss = curves.first(where: { $0.key == lossName })?.value, let last = loss.values.last {
            values[.finalLoss] = values[.finalLoss] ?? last
            values[.bestLoss] = values[.bestLoss] ?? loss.values.filter { !$0.isNaN }.min() ?? .nan
        }
        return TrialResults(steps: steps, seconds: seconds, values: values)
    }

    var steps: Int { curves.values.compactMap(\.steps.last).max() ?? 0 }

    /// The curve that is trained on, as far as names tell.
    private var lossName: String? {
        let names = curves.keys.sorted()
        func first(_ isLoss: (String) -> Bool) -> String? { names.first { isLoss($0.lowercased()) } }
        return first { $0 == "loss" } ?? first { $0.contains("loss") && $0.contains("train") }
            ?? first { $0.contains("loss") }
    }

    /// All that came, in hexadecimal digits.
    var digest: String {
        let checksum = SHA256()
        checksum.add("\(identity)\n\(name)\n\(settings)\n\(tagText)\n\(status.rawValue)\n")
        for (name, curve) in curves.sorted(by: { $0.key < $1.key }) {
            checksum.add("\(name.quotedAsJSON)\n")
            for (step, value) in zip(curve.steps, curve.values) {
                checksum.add(RecordFile.bytes(Int64(step)) + RecordFile.bytes(value.bitPattern))
            }
        }
        return checksum.finish()
    }
}

/// Runs of another program that belong together.
public struct ImportedExperiment {
    public let name: String
    /// What wrote them: `mlflow`, `tensorboard`.
    let source: String
    /// Read one by one, each as often as it is asked for: all of them at once may be too large for memory.
    let runs: [() throws -> ImportedRun]
}
