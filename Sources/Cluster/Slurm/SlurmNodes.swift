import ExperimentSpec
import JournalStore
import Wording

/// The nodes that a queue has, as `sinfo` tells them: what is asked for is held against them before anything is
/// submitted, since Slurm takes jobs that never can run, and has them wait for ever.
struct SlurmNodes: Sendable {
    struct Node: Sendable, Equatable {
        let partition: String
        let isDefault: Bool
        let cpus: Int
        /// Megabytes.
        let memory: Double
        /// The partition's limit, in seconds.
        let limit: Double
        let features: Set<String>
    }

    let nodes: [Node]

    /// What `sinfo -N` is asked for.
    static let columns = "%P|%c|%m|%l|%f"

    init(_ output: String) {
        nodes = output.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
            guard cells.count == 5, let cpus = Int(cells[1].prefix { $0.isNumber }),
                let memory = Double(cells[2].prefix { $0.isNumber })
            else { return nil }
            let isDefault = cells[0].hasSuffix("*")
            return Node(
                partition: isDefault ? String(cells[0].dropLast()) : cells[0], isDefault: isDefault, cpus: cpus,
                memory: memory, limit: SlurmQuantity.seconds(cells[3]) ?? .infinity,
                features: Set(cells[4].split(separator: ",").map(String.init)))
        }
    }

    var partitions: [String] {
        nodes.map(\.partition).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The nodes of the partition that is asked for, or of the cluster's own choice.
    private func candidates(_ settings: ClusterSettings) throws -> [Node] {
        guard let partition = settings.partition else {
            let usual = nodes.filter(\.isDefault)
            return usual.isEmpty ? nodes : usual
        }
        // Slurm takes several, with commas between them, and the one that starts first.
        let named = Set(partition.split(separator: ",").map(String.init))
        if let unknown = named.subtracting(partitions).sorted().first {
            throw JournalError(
                .usage, "found the partition \"\(unknown)\"; allowed: \(partitions.wordingOfChoice) (sinfo)")
        }
        return nodes.filter { named.contains($0.partition) }
    }

    /// How many tasks of a run can run at once; 1 where nothing is known.
    func capacity(_ settings: ClusterSettings) throws -> Int {
        let room = try candidates(settings).reduce(0) { $0 + $1.cpus / (settings.cpus ?? 1) }
        return max(1, min(settings.maxRunning ?? .max, room))
    }

    /// Sees to it that tasks can run.
    ///
    /// - Throws: ``JournalError`` of kind `usage`: what was found, and what the nodes have.
    func check(_ settings: ClusterSettings) throws {
        let candidates = try candidates(settings)
        let place = settings.partition.map { "in the partition \($0)" } ?? "here"
        var fitting = candidates
        if let constraint = settings.constraint, constraint.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) {
            fitting = fitting.filter { $0.features.contains(constraint) }
            if fitting.isEmpty, !candidates.isEmpty {
                let known = Set(candidates.flatMap(\.features)).subtracting(["(null)"]).sorted()
                throw JournalError(
                    .usage,
                    "found the constraint \"\(constraint)\", which no node \(place) meets; "
                        + (known.isEmpty ? "they have no features" : "allowed: \(known.wordingOfChoice)"))
            }
        }
        if let cpus = settings.cpus, let most = fitting.map(\.cpus).max(), cpus > most {
            throw JournalError(
                .usage, "found \(cpus) cpus for each task; allowed: at most \(most), as no node \(place) has more")
        }
        fitting = fitting.filter { $0.cpus >= settings.cpus ?? 1 }
        if let text = settings.memory {
            guard let memory = SlurmQuantity.megabytes(text) else {
                throw JournalError(
                    .usage, "found the memory \"\(text)\"; allowed: megabytes, such as 4000, or with a unit, such as 4G"
                )
            }
            if let most = fitting.map(\.memory).max(), memory > most {
                throw JournalError(
                    .usage,
                    "found \(text) of memory for each task; allowed: at most \(Int(most))M, as no node \(place) "
                        + "\(settings.cpus.map { "with \($0) cpus " } ?? "")has more")
            }
        }
        if let text = settings.time {
            guard let time = SlurmQuantity.seconds(text) else {
                throw JournalError(
                    .usage, "found the time \"\(text)\"; allowed: minutes, or H:MM:SS, or D-HH:MM, as Slurm writes it")
            }
            if let most = candidates.map(\.limit).max(), time > most {
                throw JournalError(
                    .usage, "found the time \(text); allowed \(place): at most \(Int(most / 60)) minutes")
            }
        }
    }
}
