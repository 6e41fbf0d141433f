import ArgumentParser
import Foundation
import JournalStore
import Nouns
import Report
import Wording

/// Where tables for other programs go, and what is in them.
struct TableExport: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Experiments: NAME for the newest version, NAME@HASH for an older one. Without any: all there is.",
            valueName: "experiment"), completion: NameCompletion.experiments)
    var experiments: [String] = []

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The file to write; its name ends in .csv or .jsonl.", valueName: "file"),
        completion: .file(extensions: ["csv", "jsonl"]))
    var file: String

    @Option(
        help: ArgumentHelp(
            "csv, or jsonl for an object a line, where the file's name doesn't say it.", valueName: "csv|jsonl"))
    var format: ResultFormat?

    @Flag(help: "Replaces a file that is there, whatever it is.")
    var force = false

    @OptionGroup var journal: JournalLocation

    func validate() throws {
        if file.isEmpty { throw ValidationError("--to needs the name of a file.") }
        _ = try resultFormat
    }

    var resultFormat: ResultFormat {
        get throws {
            switch format {
            case .csv, .jsonl: return format ?? .csv
            case .table, .json: throw ValidationError("--format is csv or jsonl here.")
            case nil: break
            }
            let name = file.lowercased()
            if name.hasSuffix(".csv") { return .csv }
            if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") { return .jsonl }
            throw ValidationError("the name of the file ends in .csv or .jsonl, or --format says what it is to be.")
        }
    }

    /// Writes the file through a buffer, in place of an earlier export.
    func write(_ body: (FileOutput) throws -> Void) throws {
        let replacement = FileReplacement(
            path: file, refusal: "no table that journal has exported; --force replaces it")
        let starts = ["trial,experiment,version,", "{\"trial\": "].map { Data($0.utf8) }
        try replacement.stream { head in
            force || starts.contains { head.starts(with: $0) }
        } _: { descriptor in
            let output = FileOutput(descriptor, path: file)
            try body(output)
            try output.flush()
            StandardError.write("Wrote \(counted(output.lines, "line")) to \(file).\n")
        }
    }

    /// Writes the rows of a query, once for each of the experiments, or for all at once.
    func write(_ subject: JournalQuery.Subject, metric: String? = nil) throws {
        let journal = try journal.reading()
        let format = try resultFormat
        _ = try experiments.map(journal.experiment(named:))
        try write { output in
            var writer = ResultWriter(format, for: .standardOutput, write: output.write)
            var hasBegun = false
            let chosen = experiments.isEmpty ? [nil] : experiments.map(Optional.some)
            for experiment in chosen {
                var query = JournalQuery(subject, experiment: experiment, metric: metric)
                query.withResults = format == .jsonl
                try journal.forEachRow(of: query) { columns in
                    if !hasBegun { try writer.begin(columns: columns) }
                    hasBegun = true
                } row: {
                    try writer.add(row: $0)
                }
            }
            try writer.finish()
        }
    }
}

/// Bytes on their way to a file, in large pieces.
final class FileOutput {
    private static let capacity = 1 << 20

    private let descriptor: Int32
    private let path: String
    private var bytes: [UInt8] = []
    /// Lines that were written.
    private(set) var lines = 0

    init(_ descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    func write(_ text: String) throws { try write { $0.append(contentsOf: text.utf8) } }

    func write(_ body: (inout [UInt8]) throws -> Void) throws {
        let start = bytes.count
        try body(&bytes)
        lines += bytes[start...].count { $0 == UInt8(ascii: "\n") }
        if bytes.count >= Self.capacity { try flush() }
    }

    /// - Throws: `Failure`: with code 0 and nothing to say where the reader of a pipe has gone away; else with code 74.
    func flush() throws {
        let error = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
        bytes.removeAll(keepingCapacity: true)
        if error == EPIPE { throw Failure(exitCode: EXIT_SUCCESS, "") }
        if error != 0 { throw Failure(exitCode: EX_IOERR, "\(path) cannot be written: \(reason(systemError: error))") }
    }
}

struct TrialsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trials", abstract: "Writes trials with their settings and results as CSV or JSON Lines.",
        discussion: """
              journal export trials l2l-mnist --to trials.csv
              journal export trials --to trials.jsonl
            """)

    @OptionGroup var table: TableExport

    func run() throws { try table.write(.trials) }
}

struct ResultsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results", abstract: "Writes results, one a line, as CSV or JSON Lines.",
        discussion: """
              journal export results l2l-mnist --to results.csv
            """)

    @OptionGroup var table: TableExport

    @Option(
        help: ArgumentHelp("Only results of this name, such as finalLoss.", valueName: "name"),
        completion: NameCompletion.metrics)
    var metric: String?

    func run() throws { try table.write(.results, metric: metric) }
}

struct PointsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "points", abstract: "Writes the points of curves, one a line, as CSV or JSON Lines.",
        discussion: """
            Every line says of which trial it is, so that the file needs no other. It is written as it is read: a journal \
            of many millions of points takes no more memory than a small one.

              journal export points l2l-mnist --to points.csv
              journal export points l2l-mnist --metric loss --to /dev/stdout --format csv | gzip > loss.csv.gz
            """)

    @OptionGroup var table: TableExport

    @Option(
        help: ArgumentHelp("Only curves of this name, such as loss.", valueName: "name"),
        completion: NameCompletion.metrics)
    var metric: String?

    func run() throws {
        let journal = try table.journal.reading()
        let versions = try table.experiments.map(journal.experiment(named:))
        let lines = PointLines(try table.resultFormat)
        try table.write { output in
            try output.write(lines.header)
            let chosen = table.experiments.isEmpty ? nil : versions
            try journal.forEachStretch(of: chosen, metric: metric.map { Metric($0) }) { stretch in
                try output.write { try lines.append(stretch, to: &$0) }
            }
        }
    }
}
