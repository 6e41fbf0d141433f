import ArgumentParser
import Foundation
import JournalStore
import Report
import Wording

struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes an experiment, a version of it or a trial, and gives the space back.",
        discussion: """
            NAME is the whole experiment, with its notes; NAME@HASH one version. What would go is told first, and then \
            the name asked for again; where nobody can be asked, --yes has to say so.

              journal delete first-attempt
              journal delete l2l-mnist@0c7c3a14
              journal delete --trial 12

            journal archive puts an experiment aside and keeps it.
            """)

    @Argument(
        help: ArgumentHelp(
            "NAME for an experiment in all its versions, NAME@HASH for one version.", valueName: "experiment"),
        completion: NameCompletion.experiments)
    var experiment: String?

    @Option(help: ArgumentHelp("A trial, by its number, in place of an experiment.", valueName: "number"))
    var trial: Int64?

    @Flag(help: "Asks nothing.")
    var yes = false

    @OptionGroup var journal: JournalLocation

    func validate() throws {
        if (experiment == nil) == (trial == nil) {
            throw ValidationError("Name what to delete: an experiment, or a trial with --trial.")
        }
    }

    func run() throws {
        let reading = try journal.reading()
        let deletion = try trial.map(reading.deletion(ofTrial:)) ?? reading.deletion(of: experiment ?? "")
        try reading.close()
        StandardError.write(deletion.notice)
        if !yes { try confirm(deletion.name) }
        let bytes: Result<Int, any Error> = try journal.writing { journal in
            let before = try journal.byteCount()
            try journal.delete(deletion)
            return Result {
                try journal.shrink()
                return try before - journal.byteCount()
            }
        }
        switch bytes {
        case .success(let bytes):
            StandardError.write("Deleted. \(journal.path) is \(ByteText.bytes(max(0, bytes))) smaller.\n")
        case .failure(let error):
            let why = Failure(error)?.text ?? "journal: \(reason(error))\n"
            StandardError.write(
                "Deleted. Its space is used again by what comes, and not given back, since this failed:\n\(why)")
        }
    }

    private func confirm(_ name: String) throws {
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(exitCode: EX_USAGE, "nothing was deleted: where nobody can be asked, give --yes")
        }
        StandardError.write("To delete it, type \(name) again: ")
        guard readLine()?.trimmingCharacters(in: .whitespaces) == name else {
            throw Failure(exitCode: EX_USAGE, "that is not \(name), and so nothing was deleted")
        }
    }
}

extension Deletion {
    /// What would go, and what stays elsewhere, in sentences of a line each.
    fileprivate var notice: String {
        let others =
            takenBy.map { taker in
                "\(taker.reference) has taken over the results of \(counted(taker.trials, "trial")): it has copies, which stay."
            }
            + optimizerUsers.map { user in
                "\(user.reference) has \(counted(user.trials, "trial")) with an optimizer that was learned here: "
                    + "what they came to stays, but they cannot be run again."
            }
        return (sentences + others).map { "\($0)\n" }.joined()
    }

    private var sentences: [String] {
        let begun = "\(counted(trials, "trial")), \(begunTrials) of them with results or checkpoints"
        var contents = [
            learnedOptimizers > 0 ? counted(learnedOptimizers, "learned optimizer") : nil,
            notes > 0 ? counted(notes, "note") : nil,
        ].compactMap(\.self)
        switch subject {
        case .experiment(let versions):
            contents = [counted(versions.count, "version"), begun] + contents
            return ["The experiment \(name) goes for good: \(contents.joined(separator: ", "))."]
        case .version:
            return ["The version \(name) goes for good: \(([begun] + contents).joined(separator: ", "))."]
        case .trial(let trial, let version):
            let what = "Trial \(trial.id) of \(version.reference)"
            return [
                "\(what) goes for good\(contents.isEmpty ? "" : ", with its \(contents.joined(separator: ", "))").",
                "Where \(version.name) is run again, the trial is computed anew. Notes on it stay.",
            ]
        }
    }
}

extension TakenOver {
    fileprivate var reference: String { "\(name)@\(hash.prefix(12))" }
}
