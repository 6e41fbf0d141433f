import ArgumentParser
import Foundation
import JournalStore
import Wording

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Brings what other journals have into this one.",
        discussion: """
            Experiments come with their trials, results, curves, snapshots, checkpoints and learned optimizers, and with their
            notes and tags. A trial \
            that both journals have is one; where it is completed on one side only, that side is taken. The other \
            journals are only read.

              journal merge laptop.sqlite cluster.sqlite
              journal merge shards/ --journal all.sqlite

            Where both have completed a trial and have other results, nothing of it is taken: what differs is listed, \
            the rest is merged, and the exit code is 65. --prefer says whose results are right.

            It is safe to repeat, and to stop at any time: the same command goes on from there.
            """)

    @Argument(
        help: ArgumentHelp(
            "Journals to merge; of a folder, every file in it whose name ends in .sqlite.", valueName: "other"),
        completion: .file(extensions: ["sqlite"]))
    var others: [String]

    @Option(
        help: ArgumentHelp(
            "Where results differ, takes ours, which this journal has, or theirs, which the other has.",
            valueName: "ours|theirs"))
    var prefer: MergePreference?

    @OptionGroup var journal: JournalLocation

    func run() throws {
        let paths = try others.flatMap(Self.journals)
        try Journal.requireOthers(paths, than: journal.path)
        for warning in paths.compactMap(Journal.warning) { StandardError.write("\(warning)\n") }
        if !NamedFile.exists(journal.path) { try Self.requireOne(of: paths) }
        let patience = LockPatience { StandardError.write("\($0)\n") }
        let journal = try Journal(
            writing: journal.path, programVersion: ProgramVersion.current, patience: patience)
        let outcome = try journal.merge(paths, preferring: prefer)
        try journal.close()
        tell(outcome)
        if outcome.faults.count == 1, paths.count == 1 {
            throw Failure(exitCode: outcome.faults[0].error.exitCode, "")
        }
        if !outcome.faults.isEmpty || !outcome.conflicts.isEmpty && prefer == nil {
            throw Failure(exitCode: EX_DATAERR, "")
        }
    }

    /// Before an empty journal is made for nothing.
    private static func requireOne(of paths: [String]) throws {
        var fault: (any Error)?
        for path in paths {
            do {
                return try Journal(reading: path, programVersion: ProgramVersion.current).close()
            } catch {
                fault = fault ?? error
            }
        }
        if let fault { throw fault }
    }

    private static func journals(_ path: String) throws -> [String] {
        guard NamedFile.status(of: path)?.isFolder == true else { return [path] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".sqlite") }
        guard !names.isEmpty else {
            throw Failure(exitCode: EX_NOINPUT, "the folder \(path) has no file whose name ends in .sqlite")
        }
        return names.sorted().map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }

    private func tell(_ outcome: MergeOutcome) {
        for fault in outcome.faults { StandardError.write("journal: \(fault.error.message)\n") }
        for conflict in outcome.conflicts {
            StandardError.write(
                """
                \(conflict.experiment), \(conflict.subject), of \(conflict.path):
                  \(conflict.difference)

                """)
        }
        if outcome.busy > 0 {
            let trials = counted(outcome.busy, "trial")
            StandardError.write("Left alone: \(trials) that a process runs here at this moment.\n")
        }
        if outcome.unfinishedVersions > 0 {
            let versions = counted(outcome.unfinishedVersions, "version")
            StandardError.write("Left out: \(versions) begun with --fresh, until all trials are completed.\n")
        }
        if !outcome.conflicts.isEmpty {
            let differ = "\(counted(outcome.conflicts.count, "conflict")): what both journals have, and differently. "
            let resolved =
                switch prefer {
                case .ours: "What this journal had stays."
                case .theirs: "What the other journal had was taken."
                case nil: "What this journal had stays; --prefer theirs takes the other's, --prefer ours is content."
                }
            StandardError.write("\(differ)\(resolved)\n")
        }
        let parts = [
            (outcome.experiments, "experiment", nil), (outcome.trials, "trial", nil), (outcome.tunings, "tuning", nil),
            (outcome.writings, "note or tag", "notes and tags"),
        ].filter { $0.0 > 0 }.map { counted($0.0, $0.1, $0.2) }
        if !parts.isEmpty {
            StandardError.write("Merged into \(journal.path): \(parts.joined(by: "and")).\n")
        } else if outcome.faults.isEmpty, outcome.conflicts.isEmpty {
            StandardError.write("Nothing to do: \(journal.path) has all of it.\n")
        } else {
            StandardError.write("Nothing else to do.\n")
        }
    }
}

extension MergePreference: ExpressibleByArgument {}
