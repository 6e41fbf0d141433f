import ArgumentParser
import Foundation
import JournalStore
import Scheduler
import Wording

struct SQLiteExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sqlite",
        abstract: "Writes experiments as a journal of their own, or the whole journal as it is now.",
        discussion: """
            The file is a journal like any other. Without experiments it has everything that is committed at this moment, \
            also while a run writes: a copy of the file by other means may lack the last results.

              journal export sqlite l2l-mnist --to l2l-mnist.sqlite
              journal export sqlite --to backup.sqlite
            """)

    @Argument(
        help: ArgumentHelp(
            "Experiments to write: NAME for the newest version, NAME@HASH for an older one. Without any: all there is.",
            valueName: "experiment"), completion: NameCompletion.experiments)
    var experiments: [String] = []

    @Option(
        name: .customLong("to"), help: ArgumentHelp("The file to write.", valueName: "file"),
        completion: .file(extensions: ["sqlite"]))
    var file: String

    @Flag(help: "Replaces a file that is there, whatever it is.")
    var force = false

    /// `journal export --sqlite …` is the same.
    @Flag(name: .customLong("sqlite"), help: .hidden)
    var isNamed = false

    @OptionGroup var journal: JournalLocation

    func validate() throws {
        if file.isEmpty { throw ValidationError("--to needs the name of a file.") }
    }

    func run() throws {
        let source = try journal.reading()
        let versions = try experiments.map(source.experiment(named:))
        for name in experiments {
            if let notice = try VersionNotice(experiment: name, in: source) { StandardError.write("\(notice)\n") }
        }
        if let old = NamedFile.status(of: file), let own = NamedFile.status(of: journal.path), old.isSameFile(as: own) {
            throw Failure(exitCode: EX_USAGE, "\(file) is the journal itself; name another file")
        }
        let replacement = FileReplacement(path: file, refusal: "not replaced without --force")
        try replacement.make(mayReplace: { _ in force }) { new in
            if experiments.isEmpty { try source.copy(to: new) } else { try source.copy(versions, to: new) }
        }
        let copy = try Journal(reading: file, programVersion: ProgramVersion.current)
        let written = try copy.experiments()
        let trials = try written.reduce(0) { try $0 + copy.trials(of: $1.id).count }
        StandardError.write(
            "Wrote \(counted(written.count, "experiment")) with \(counted(trials, "trial")) to \(file).\n")
    }
}

extension stat {
    fileprivate func isSameFile(as other: stat) -> Bool { st_dev == other.st_dev && st_ino == other.st_ino }
}
