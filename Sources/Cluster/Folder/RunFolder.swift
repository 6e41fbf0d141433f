import Foundation
import JournalStore
import Wording

/// The folder of a run, on a file system that all nodes see: what tasks are to do, what they need, and what they write.
///
/// No file in it is ever written by two processes: each attempt at a share has a shard and a report of its own.
struct RunFolder: Sendable, Equatable {
    let path: String

    init(_ path: String) { self.path = path }

    /// Where the runs of a journal lie, if nothing else is said.
    static func usualPlace(journal: String) -> String { "\(journal)-slurm" }

    /// The folder of a version's run.
    init(in place: String, name: String, hash: String) { self.init("\(place)/\(name)@\(hash.prefix(12))") }

    private var manifestFile: String { "\(path)/run.json" }
    private var cancelledFile: String { "\(path)/cancelled" }
    var logs: String { "\(path)/logs" }
    private var shards: String { "\(path)/shards" }
    private var reports: String { "\(path)/reports" }
    private var views: String { "\(path)/views" }
    private var needs: String { "\(path)/needs" }

    /// The journal with all that the tasks of a phase need of others. Tasks only read it.
    func needs(ofPhase phase: Int) -> String { "\(needs)/\(phase).sqlite" }

    func hasNeeds(ofPhase phase: Int) -> Bool { ForeignBytes.isThere(needs(ofPhase: phase)) }

    /// A copy of what an attempt has written so far, which is replaced as a whole now and then.
    func view(_ share: Int, attempt: Int) -> String { "\(views)/\(Self.name(share, attempt)).sqlite" }

    /// The journal that an attempt at a share writes.
    func shard(_ share: Int, attempt: Int) -> String { "\(shards)/\(Self.name(share, attempt)).sqlite" }

    /// The file of which a process that waits for the run holds the lock.
    var waitingFile: String { "\(path)/waiting" }

    private static func name(_ share: Int, _ attempt: Int) -> String {
        let number = String(share)
        return String(repeating: "0", count: max(0, 5 - number.count)) + number + "-\(attempt)"
    }

    var exists: Bool { ForeignBytes.isThere(manifestFile) }

    /// Makes the folder, in place of one that is there.
    func make() throws {
        try? FileManager.default.removeItem(atPath: path)
        for folder in [logs, shards, reports, views, needs] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
    }

    func write(_ manifest: Manifest) throws { try Self.write(manifest, to: manifestFile) }

    /// - Throws: ``JournalError`` where there is none, or it cannot be read.
    func manifest() throws -> Manifest {
        guard exists else { throw JournalError(.missing, "there is no run of a cluster in the folder \(path)") }
        do {
            return try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: manifestFile)))
        } catch is DecodingError {
            throw JournalError(.badData, "\(manifestFile) is not what this program writes")
        }
    }

    func cancel() throws { try Data().write(to: URL(fileURLWithPath: cancelledFile)) }

    var isCancelled: Bool { ForeignBytes.isThere(cancelledFile) }

    func write(_ report: TaskReport) throws {
        try Self.write(report, to: "\(reports)/\(Self.name(report.share, report.attempt)).json")
    }

    /// The attempts of each share that has any, in ascending order: one look at the folder.
    func attempts() throws -> [Int: [Int]] {
        let files = try FileManager.default.contentsOfDirectory(atPath: reports)
        var attempts: [Int: [Int]] = [:]
        for file in files where file.hasSuffix(".json") {
            let numbers = file.dropLast(5).split(separator: "-").compactMap { Int($0) }
            if numbers.count == 2 { attempts[numbers[0], default: []].append(numbers[1]) }
        }
        return attempts.mapValues { $0.sorted() }
    }

    /// What an attempt says; nil where it says nothing.
    func report(_ share: Int, attempt: Int) -> TaskReport? {
        let file = URL(fileURLWithPath: "\(reports)/\(Self.name(share, attempt)).json")
        return (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(TaskReport.self, from: $0) }
    }

    /// Begins another attempt at a share, of which no other process has the number.
    func beginAttempt(_ share: Int) throws -> Int {
        var attempt = 0
        while true {
            let file = shard(share, attempt: attempt)
            let descriptor = ForeignBytes.withPath(file) { open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) }
            if descriptor >= 0 {
                close(descriptor)
                return attempt
            }
            guard errno == EEXIST else {
                throw JournalError(.inputOutput, "\(file) cannot be written: \(reason(systemError: errno))")
            }
            attempt += 1
        }
    }

    private static func write(_ value: some Encodable, to file: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(value).write(to: URL(fileURLWithPath: file), options: .atomic)
    }
}
