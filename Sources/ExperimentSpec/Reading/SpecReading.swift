import Formats
import Nouns

extension ExperimentSpec {
    /// Reads a spec from a JSON text, applies the overrides in their order, and checks it whole.
    ///
    /// - Parameters:
    ///   - file: what messages call the file.
    ///   - vocabulary: the kinds that it may name.
    /// - Throws: all faults of the spec at once.
    public init(
        _ text: String, file: String, vocabulary: Vocabulary, overrides: [SpecOverride] = []
    ) throws(SpecError) {
        try self.init(Array(text.utf8), file: file, vocabulary: vocabulary, overrides: overrides)
    }

    /// Reads a spec from the bytes of its file, applies the overrides in their order, and checks it whole.
    ///
    /// - Parameters:
    ///   - file: what messages call the file.
    ///   - vocabulary: the kinds that it may name.
    /// - Throws: all faults of the spec at once.
    public init(
        _ bytes: [UInt8], file: String, vocabulary: Vocabulary, overrides: [SpecOverride] = []
    ) throws(SpecError) {
        let format = SpecFormat(vocabulary).root
        let document = try JSONReader.read(bytes, file: file)
        var faults = document.repeatedKeys.map { path in
            SpecFault(file: file, place: path.description, found: "the key a second time", allowed: "each key once")
        }
        var root = document.value
        for override in overrides {
            do {
                root = try format.setting(override.path.components[...], of: root, to: override.value)
            } catch {
                faults.append(
                    SpecFault(
                        file: override.source, place: "", found: error.found, allowed: error.allowed,
                        suggestion: error.suggestion))
            }
        }
        let reading = SpecReading(root, file: file, vocabulary, format)
        faults += reading.faults.map { $0.attributed(to: overrides) }
        guard faults.isEmpty, let filled = reading.filled?.object.map(Settings.init) else { throw SpecError(faults) }
        self.init(
            name: filled.text("name"), question: filled.text(ifGiven: "question"), canonicalText: root.canonicalText,
            hash: JSONValue.array([.string(filled.text("name"))] + reading.points.map(\.settings.settings.json))
                .contentHash,
            sweep: reading.axes.map { SweepAxis(path: $0.text, values: $0.values) }, points: reading.points,
            cluster: filled.settings(ifGiven: "cluster").map(ClusterSettings.init) ?? ClusterSettings())
    }
}

/// A spec held against the format, by itself and at every point of its sweep.
struct SpecReading {
    let filled: JSONValue?
    private(set) var faults: [SpecFault]
    private(set) var axes: [Axis] = []
    private(set) var points: [SweepPoint] = []

    /// A path of the sweep that leads somewhere, and its values.
    struct Axis {
        let text: String
        let path: JSONPath
        let values: [JSONValue]
    }

    static let mostPoints = 10_000
    /// The most trials a spec may ask for; a million is far beyond what a journal is for, and mostly a slip.
    static let mostTrials = 1_000_000

    private let root: JSONValue
    private let file: String
    private let vocabulary: Vocabulary
    private let format: Format

    /// - Parameter format: that of a whole spec with the vocabulary.
    init(_ root: JSONValue, file: String, _ vocabulary: Vocabulary, _ format: Format) {
        var checker = SpecChecker(file: file, root: root, betweenFields: false)
        filled = checker.check(root, against: format, at: .root)
        faults = checker.faults
        self.root = root
        self.file = file
        self.vocabulary = vocabulary
        self.format = format
        readAxes()
        readPoints()
        checkTrialCount()
    }

    private mutating func readAxes() {
        for (text, values) in (filled?["sweep"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            do {
                let path = try sweepable(text)
                let first = values.array?.first ?? .null
                _ = try format.setting(path.components[...], of: root, to: first)
                axes.append(Axis(text: text, path: path, values: values.array ?? []))
            } catch {
                report("sweep", text, found: error.found, allowed: error.allowed, suggestion: error.suggestion)
            }
        }
    }

    private func sweepable(_ text: String) throws(PathFault) -> JSONPath {
        guard let path = JSONPath(parsing: text), case .key(let first) = path.components.first else {
            throw PathFault(
                found: "the path \"\(text)\"", allowed: "keys with dots between them, such as problem.batchSize")
        }
        guard vocabulary.sweepable.contains(first) else {
            throw PathFault(
                found: "\"\(first)\"", allowed: "a path that begins with \(vocabulary.sweepable.wordingOfChoice)",
                suggestion: nearestName(to: first, among: vocabulary.sweepable))
        }
        return path
    }

    private mutating func readPoints() {
        guard axes.reduce(1.0, { $0 * Double($1.values.count) }) <= Double(Self.mostPoints) else {
            faults.append(
                SpecFault(
                    file: file, place: "sweep", found: "more than \(Self.mostPoints) combinations of values",
                    allowed: "at most \(Self.mostPoints)"))
            return
        }
        let choices = axes.reduce([[]]) { products, axis in
            products.flatMap { product in axis.values.indices.map { product + [$0] } }
        }
        for choice in choices { readPoint(choice) }
    }

    /// - Parameter choice: for each axis, the index of its value.
    private mutating func readPoint(_ choice: [Int]) {
        var point = root
        for (axis, index) in zip(axes, choice) {
            // Where one value blocks another's path, the check below says what is wrong with it.
            let path = axis.path.components[...]
            point = (try? format.setting(path, of: point, to: axis.values[index])) ?? point
        }
        var checker = SpecChecker(file: file, root: point)
        let settings = checker.check(point, against: format, at: .root)?.object ?? [:]
        let pointFaults =
            checker.faults
            + CrossChecks.faults(
                of: .object(settings), fieldFaults: checker.faults, root: point, file: file, vocabulary)
        for fault in pointFaults where !faults.contains(fault) {
            let blamed = blaming(fault, choice)
            if !faults.contains(blamed) { faults.append(blamed) }
        }
        guard pointFaults.isEmpty else { return }
        let described = ["$schema", "name", "question", "sweep", "cluster"]
        points.append(
            SweepPoint(
                values: zip(axes, choice).map { SweepValue(path: $0.text, value: $0.values[$1]) },
                settings: ExperimentSettings(
                    settings: Settings(settings.filter { !described.contains($0.key) }))))
    }

    /// A fault that shows at one point of the sweep, told as one of the value that brings it in.
    private func blaming(_ fault: SpecFault, _ choice: [Int]) -> SpecFault {
        var blamed = fault
        for (axis, index) in zip(axes, choice) {
            guard let rest = fault.place(below: axis.path.description) else { continue }
            let value = JSONPath.root.appending("sweep").appending(axis.text).appending(index)
            blamed.place = value.description + rest
            return blamed
        }
        if !axes.isEmpty {
            let values = zip(axes, choice).map { "\($0.text) is \($0.values[$1].wording)" }
            blamed.found += " where " + values.joined(by: "and")
        }
        return blamed
    }

    private mutating func checkTrialCount() {
        guard faults.isEmpty else { return }
        let count = points.reduce(0.0) { count, point in
            vocabulary.trialKinds.reduce(count) { $0 + $1.trialCount(point.settings) }
        }
        if count > Double(Self.mostTrials) {
            faults.append(
                SpecFault(
                    file: file, place: "evaluation", found: "\(Int(min(count, 1e15))) trials",
                    allowed: "at most \(Self.mostTrials)"))
        }
    }

    private mutating func report(
        _ parent: String, _ key: String, found: String, allowed: String, suggestion: String?
    ) {
        faults.append(
            SpecFault(
                file: file, place: JSONPath.root.appending(parent).appending(key).description, found: found,
                allowed: allowed, suggestion: suggestion))
    }
}

extension SpecFault {
    /// What follows `path` in the fault's place; `nil` if the place is not at or below it.
    func place(below path: String) -> Substring? {
        guard place.hasPrefix(path) else { return nil }
        let rest = place.dropFirst(path.count)
        return rest.isEmpty || rest.first == "." || rest.first == "[" ? rest : nil
    }

    /// The fault with the last override at whose path it stands in place of the file.
    fileprivate func attributed(to overrides: [SpecOverride]) -> SpecFault {
        var fault = self
        if let override = overrides.last(where: { place(below: $0.path.description) != nil }) {
            fault.file = override.source
            if let quoted = override.quoted, [TextRule.any, .label, .name].contains(where: { $0.wording == allowed }) {
                fault.allowed += "; quoted it is a text: \(quoted)"
            }
        }
        return fault
    }
}
