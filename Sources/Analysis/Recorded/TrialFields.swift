import JournalStore
import Nouns

/// The recorded fields of trials.
final class TrialFields {
    private let programVersions: [Int64: String]
    /// The label of a trial's experiment, and the hash of its version, by the experiment's number.
    private let experiments: [Int64: (label: String, version: String)]
    /// The settings of the trials that trained optimizers, by the trials' identities.
    private let training: [String: String]
    /// Settings are many trials' own, and read but once.
    private var read: [String: JSONValue] = [:]
    /// What was found at a path in settings.
    private var found: [String: [String: JSONValue?]] = [:]

    /// The most fields that a message lists.
    private static let mostListed = 20

    init(_ experiments: [ExperimentTrials], in journal: Journal) throws {
        programVersions = try experiments.reduce(into: [:]) { versions, experiment in
            versions.merge(try journal.programVersions(of: experiment.record.id)) { $1 }
        }
        self.experiments = experiments.reduce(into: [:]) {
            $0[$1.record.id] = ($1.label, String($1.record.hash.prefix(12)))
        }
        training = experiments.flatMap(\.preparations).reduce(into: [:]) { $0[$1.identity] = $1.optimizerSettings }
    }

    private static let columns: [(name: String, value: @Sendable (TrialRecord) -> JSONValue?)] = [
        ("seed", { .integer($0.seed) }), ("replicate", { $0.replicate.map(JSONValue.integer) }),
        ("precision", { .string($0.precision) }),
        ("kernelTable", { $0.kernelTable.map(JSONValue.string) }), ("dataset", { $0.dataset.map { .string($0.name) } }),
        ("datasetOrigin", { $0.dataset.map { .string($0.origin) } }),
        ("datasetChecksum", { $0.dataset.map { .string($0.checksum) } }),
        ("datasetNote", { $0.dataset?.note.map(JSONValue.string) }),
        ("layers", { $0.architecture.flatMap(StudentArchitecture.init(recorded:)).map { .string($0.layers) } }),
        ("depth", { $0.architecture.flatMap(StudentArchitecture.init(recorded:)).map { .integer($0.depth) } }),
        ("weights", { $0.architecture.flatMap(StudentArchitecture.init(recorded:)).map { .integer($0.weights) } }),
        ("problem", { .string($0.problem) }), ("optimizer", { .string($0.optimizer) }),
        ("steps", { .integer($0.steps) }), ("note", { $0.note.map(JSONValue.string) }),
        ("standsFor", { .integer($0.standsFor) }),
    ]

    /// What a trial has at a place; nil where it has nothing.
    func value(of trial: TrialRecord, at place: FieldPlace) -> JSONValue? {
        let value: JSONValue? =
            switch place {
            case .column("programVersion"): programVersions[trial.id].map(JSONValue.string)
            case .column("experiment"): experiments[trial.experiment].map { .string($0.label) }
            case .column("version"): experiments[trial.experiment].map { .string($0.version) }
            case .column(let name): Self.columns.first { $0.name == name }?.value(trial)
            case .problem(let path): setting(path, in: trial.problemSettings)
            case .optimizer(let path): setting(path, in: trial.optimizerSettings)
            case .metaTraining(let path): trainingText(of: trial).flatMap { setting(path, in: $0) }
            }
        return value == .null ? nil : value
    }

    /// Where a name may be found that some trial has: a column before all settings, meta-training's after all others.
    func places(called name: String, in trials: [TrialRecord]) -> [FieldPlace] {
        let found = FieldPlace.meant(by: name).filter { place in trials.contains { value(of: $0, at: place) != nil } }
        if case .column? = found.first { return [found[0]] }
        let own = found.filter { if case .metaTraining = $0 { false } else { true } }
        return own.isEmpty ? found : own
    }

    /// The names of all fields, each as short as it can be.
    func names(in trials: [TrialRecord]) -> [String] { places(in: trials).map(\.name).uniqued() }

    /// What trials differ in, as the end of a message: fields of which there are two values.
    func differences(in trials: [TrialRecord]) -> String {
        let differing = places(in: trials).filter { place in
            Set(trials.compactMap { value(of: $0, at: place) }).count > 1
        }
        let names = differing.map { place in
            if case .metaTraining = place { return place.description }
            return differing.count { $0.name == place.name } > 1 ? place.description : place.name
        }
        guard !names.isEmpty else { return "; they differ in no field" }
        return "; they differ in " + names.prefix(Self.mostListed).joined(separator: ", ")
            + (names.count > Self.mostListed ? ", …" : "")
    }

    /// All places at which a trial has a plain value or a list.
    private func places(in trials: [TrialRecord]) -> [FieldPlace] {
        let columns =
            Self.columns.map(\.name) + ["programVersion"] + (experiments.count > 1 ? ["experiment", "version"] : [])
        func paths(_ texts: [String?], _ place: (String) -> FieldPlace) -> [FieldPlace] {
            texts.compactMap(\.self).uniqued().flatMap { settings($0).leaves }.uniqued().sorted().map(place)
        }
        return columns.map(FieldPlace.column).filter { place in trials.contains { value(of: $0, at: place) != nil } }
            + paths(trials.map(\.problemSettings), FieldPlace.problem)
            + paths(trials.map(\.optimizerSettings), FieldPlace.optimizer)
            + paths(trials.map(trainingText), FieldPlace.metaTraining)
    }

    private func trainingText(of trial: TrialRecord) -> String? {
        guard let trained = settings(trial.optimizerSettings)["trial"]?.string else { return nil }
        return training[trained]
    }

    private func setting(_ path: String, in text: String) -> JSONValue? {
        if let known = found[path]?[text] { return known }
        let value = settings(text).value(at: path)
        found[path, default: [:]][text] = .some(value)
        return value
    }

    private func settings(_ text: String) -> JSONValue {
        if let known = read[text] { return known }
        let value = JSONValue(parsing: text) ?? .null
        read[text] = value
        return value
    }
}

extension JSONValue {
    /// What stands at a path of keys with dots between them, and list indices; nil where nothing does.
    fileprivate func value(at path: String) -> JSONValue? {
        JSONPath(parsing: path)?.components.reduce(into: Optional(self)) { value, component in
            switch component {
            case .key(let key): value = value?[key]
            case .index(let index):
                value = value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
        }
    }

    /// The paths of all that is no object.
    fileprivate var leaves: [String] {
        func leaves(_ value: JSONValue, at path: JSONPath) -> [String] {
            guard let members = value.object else { return path.components.isEmpty ? [] : [path.description] }
            return members.keys.sorted().flatMap { leaves(members[$0] ?? .null, at: path.appending($0)) }
        }
        return leaves(self, at: .root)
    }
}
