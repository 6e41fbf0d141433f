import JournalStore
import Nouns
import Wording

/// A recorded field of trials, found by the name that a person gave.
///
/// That is a column of `journal query trials`, or the path of a setting of the problem, of the optimizer, or, of an
/// optimizer that the experiment trained, of its meta-training: `batchSize`, `student.hidden`, `learningRate`. Where a
/// path is several of these, the word `problem.`, `optimizer.` or `metaTraining.` before it says which.
struct RecordedField {
    private let read: (TrialRecord) -> JSONValue?

    func value(of trial: TrialRecord) -> JSONValue? { read(trial) }

    /// The most groups by values that are no numbers.
    private static let mostValues = 50

    /// Finds a field.
    ///
    /// - Parameters:
    ///   - trials: the completed trials of each experiment.
    ///   - names: what the experiments are called.
    /// - Throws: ``JournalError`` where no trial has such a field, the name is that of several, or all trials have the
    ///   same value, with what they differ in.
    init(
        _ name: String, of trials: [(experiment: ExperimentTrials, completed: [TrialRecord])], in journal: Journal,
        names: String
    ) throws {
        let fields = try TrialFields(trials.map(\.experiment), in: journal)
        let all = trials.flatMap(\.completed)
        let places = fields.places(called: name, in: all)
        let varying = places.filter { place in Set(all.map { fields.value(of: $0, at: place) }).count > 1 }
        guard let place = varying.first ?? places.first, varying.count <= 1 else {
            guard places.isEmpty else {
                throw JournalError(
                    .usage,
                    "\(name) is a setting of more than one thing, and trials differ in each: use "
                        + varying.map(\.description).joined(by: "or"))
            }
            // Before any trial has finished, nobody can tell what they will have.
            if all.isEmpty {
                read = { _ in nil }
                return
            }
            let known = fields.names(in: all)
            let meant = nearestName(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
            throw JournalError(
                .usage, "no trial of \(names) has a field \(name)\(meant)\(fields.differences(in: all))")
        }
        let values = Set(all.map { fields.value(of: $0, at: place) })
        guard values.count > 1 else {
            let value = values.first.flatMap(\.self).map { $0.string ?? $0.canonicalText } ?? "none"
            throw JournalError(
                .usage, "all trials of \(names) have \(name) \(value)\(fields.differences(in: all))")
        }
        if values.count > Self.mostValues, values.contains(where: { $0 != nil && $0?.double == nil }) {
            throw JournalError(
                .usage,
                "\(name) has \(values.count) values that are no numbers, more than \(Self.mostValues) groups"
                    + fields.differences(in: all))
        }
        read = { fields.value(of: $0, at: place) }
    }
}

/// Where a field of a trial is recorded.
enum FieldPlace: Hashable, CustomStringConvertible {
    case column(String)
    case problem(String)
    case optimizer(String)
    case metaTraining(String)

    /// As a person may write it, whatever else has that name.
    var description: String {
        switch self {
        case .column(let name): name
        case .problem(let path): "problem.\(path)"
        case .optimizer(let path): "optimizer.\(path)"
        case .metaTraining(let path): "metaTraining.\(path)"
        }
    }

    /// As a person would write it first.
    var name: String {
        switch self {
        case .column(let name), .problem(let name), .optimizer(let name), .metaTraining(let name): name
        }
    }

    /// What a name may mean.
    static func meant(by name: String) -> [FieldPlace] {
        for (word, place) in [
            ("problem.", FieldPlace.problem), ("optimizer.", FieldPlace.optimizer),
            ("metaTraining.", FieldPlace.metaTraining),
        ] where name.hasPrefix(word) {
            return [place(String(name.dropFirst(word.count)))]
        }
        return [.column(name), .problem(name), .optimizer(name), .metaTraining(name)]
    }
}
