import ArgumentParser
import ExperimentSpec
import Foundation
import Nouns
import TrialKinds

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a first spec, with comments, that runs in seconds.",
        discussion: """
            The spec runs as it is, without any data, and says in its $comment fields what may be changed. A file \
            that is there is left alone. The experiment is called as the file is:

              journal init
              journal init lr-of-adam.json --kind tune
              journal init Experiments/my-lstm.json --kind learn

            To look at one without writing it:

              journal init /dev/stdout --kind learn
            """)

    @Argument(
        help: "The file to write. (default: first.json)", completion: .file(extensions: ["json"]))
    var file: String?

    @Option(
        help: ArgumentHelp(
            """
            compare: hand-designed optimizers side by side; tune: the same, each with the best of several learning \
            rates; learn: an optimizer that is learned, against those.
            """))
    var kind = StarterSpec.compare

    func validate() throws {
        if file == "" { throw ValidationError("A spec needs the name of a file.") }
    }

    func run() throws {
        let path = Self.path(file ?? "first.json")
        let name = Self.name(of: path)
        let text = kind.text(named: name)
        do {
            _ = try ExperimentSpec(Array(text.utf8), file: path, vocabulary: .standard)
        } catch {
            let allowed = error.faults.first?.allowed ?? "another name"
            throw Failure(
                exitCode: EX_USAGE,
                "an experiment is called as its file is, and cannot be called \(name.quotedAsJSON): give \(allowed)")
        }
        let replacement = FileReplacement(path: path, refusal: "left as it is: give the new one another name")
        try replacement.write(Data(text.utf8)) { _ in false }
        let word = path.contains(where: \.isWhitespace) ? "'\(path)'" : path
        StandardError.write(
            """
            Wrote \(path): \(kind.summary). Its $comment fields say what may be changed.
            Next:
            \(kind.nextSteps(file: word, name: name).map { "  \($0)\n" }.joined())
            """)
    }

    /// The file, with the ending of specs where it has none.
    private static func path(_ file: String) -> String {
        let name = file.split(separator: "/").last ?? ""
        return name.contains(".") || file.hasPrefix("/dev/") ? file : file + ".json"
    }

    private static func name(of path: String) -> String {
        if path.hasPrefix("/dev/") { return "first" }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name.lowercased().hasSuffix(".json") ? String(name.dropLast(5)) : name
    }
}

extension StarterSpec: ExpressibleByArgument {}
