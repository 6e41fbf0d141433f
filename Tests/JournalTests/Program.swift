import Foundation

/// The built program in a working folder of its own, called as a person calls it.
final class Program: Sendable {
    /// What a call came to.
    struct Outcome: Sendable {
        var code: Int32
        /// What it wrote to standard output.
        var output: String
        /// What it wrote to standard error.
        var messages: String

        var lines: [Substring] { output.split(separator: "\n") }
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Next to the tests, where the package manager puts both.
    static let executable: URL = {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folder = tests.deletingLastPathComponent()
        while folder.path != "/" {
            let program = folder.appendingPathComponent("journal")
            if FileManager.default.isExecutableFile(atPath: program.path), !isFolder(program) { return program }
            folder.deleteLastPathComponent()
        }
        fatalError("the program journal is not next to \(tests.path)")
    }()

    private static func isFolder(_ url: URL) -> Bool {
        (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
    }

    /// Calls the program and waits for its end.
    @discardableResult
    func call(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try start(arguments, environment: environment).outcome()
    }

    /// Calls the program and leaves it running.
    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Call {
        try Call(Self.executable, arguments, in: folder, environment: environment)
    }

    /// Has a shell run a line, in which `$JOURNAL_PROGRAM` is the program.
    func shell(_ line: String) throws -> Outcome {
        try Call(
            URL(fileURLWithPath: "/bin/bash"), ["-c", line], in: folder,
            environment: ["JOURNAL_PROGRAM": Self.executable.path]
        ).outcome()
    }

    func write(_ text: String, to name: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }
}

/// A process under way, whose output goes to files, so that it never waits for a reader.
final class Call {
    let process = Process()
    private let files: URL

    init(_ executable: URL, _ arguments: [String], in folder: URL, environment: [String: String]) throws {
        files = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": folder.path, "LANG": "C.UTF-8",
        ].merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(files.appendingPathComponent("output"))
        process.standardError = try Self.file(files.appendingPathComponent("messages"))
        try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: files) }

    private static func file(_ url: URL) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        return try FileHandle(forWritingTo: url)
    }

    /// What it has written to standard error by now.
    func messagesSoFar() throws -> String {
        try String(decoding: Data(contentsOf: files.appendingPathComponent("messages")), as: UTF8.self)
    }

    func outcome() throws -> Program.Outcome {
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            try String(decoding: Data(contentsOf: files.appendingPathComponent(name)), as: UTF8.self)
        }
        let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Program.Outcome(code: code, output: try text("output"), messages: try text("messages"))
    }
}

enum Specs {
    /// Meta-training, tuning and evaluation on small quadratics: 21 trials that take a moment.
    static let quadratic = """
        {"name": "quadratic", "seed": 3, "question": "Does it run?",
         "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [4]}, "epochs": 4, "steps": 20, "unrollLength": 10,
             "evaluation": {"every": 2, "epochs": 2}},
         "evaluation": {
             "steps": 20, "repeats": 5, "tuning": {"growth": 0},
             "optimizers": [{"kind": "trained"}, {"kind": "sgd", "learningRate": {"tune": [0.1, 0.01]}}]}}
        """

    /// Steps of gradient descent on quadratics: some five seconds' work of one worker, so that a test can step in.
    static let long = """
        {"name": "long", "problem": {"kind": "quadratic", "batchSize": 64, "dimensions": 10},
         "evaluation": {"steps": 20000, "repeats": 8, "optimizers": [{"kind": "sgd"}, {"kind": "adam"}]}}
        """
    static let endless = """
        {"name": "endless", "problem": {"kind": "quadratic", "batchSize": 64, "dimensions": 200},
         "evaluation": {"steps": 1000000, "repeats": 1, "optimizers": [{"kind": "sgd"}]}}
        """
}
