import Foundation

/// A program that runs beside this one and prints a result.
struct ChildProcess {
    private let process = Process()
    private let pipe = Pipe()
    private let words: [String]

    /// What this process was started from.
    static var thisProgram: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }

    /// Starts a program.
    ///
    /// - Parameter words: the program, found as a shell finds it, and its arguments.
    init(_ words: [String]) throws {
        self.words = words
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = pipe
        // Libraries warn at length; what matters shows in the exit status.
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// What it printed, when it has ended.
    func output() throws -> Data {
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ChildFailure(words: words, status: process.terminationStatus)
        }
        return data
    }
}

/// A program ended with an error.
struct ChildFailure: Error, CustomStringConvertible {
    let words: [String]
    let status: Int32

    var description: String {
        "this ended with status \(status); call it by hand to see why:\n  " + words.joined(separator: " ")
    }
}
