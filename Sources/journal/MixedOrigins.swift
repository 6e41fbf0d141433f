import JournalStore

/// Looks at the trials that a query shows, and tells of experiments whose trials were not all computed alike.
struct MixedOrigins {
    private struct Version: Hashable {
        let experiment: QueryResult.Value
        let version: QueryResult.Value
    }

    /// What may differ, in words, with its column.
    private static let origins = [("kernelTable", "kernel tables"), ("programVersion", "versions of the program")]

    private let experiment: Int?
    private let version: Int?
    private let columns: [Int?]
    /// For each origin, what was seen of each version.
    private var seen: [[Version: Set<String>]]

    /// - Parameter columns: the names of the rows' columns.
    init(columns: [String]) {
        experiment = columns.firstIndex(of: "experiment")
        version = columns.firstIndex(of: "version")
        self.columns = Self.origins.map { columns.firstIndex(of: $0.0) }
        seen = Self.origins.map { _ in [:] }
    }

    mutating func see(_ row: [QueryResult.Value]) {
        guard let experiment, let version else { return }
        let place = Version(experiment: row[experiment], version: row[version])
        for (origin, column) in columns.enumerated() {
            guard let column, case .text(let name) = row[column] else { continue }
            seen[origin][place, default: []].insert(name)
        }
    }

    /// A sentence for each version and origin of which there are several.
    var notices: [String] {
        zip(Self.origins, seen).flatMap { origin, seen in
            seen.compactMap { place, names -> String? in
                guard names.count > 1, case .text(let experiment) = place.experiment,
                    case .text(let version) = place.version
                else { return nil }
                return "The trials of \(experiment)@\(version) come from different \(origin.1): "
                    + "\(names.sorted().joined(separator: ", "))."
            }.sorted()
        }
    }
}
