import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import TrialKinds

/// A learned optimizer that comes into the journal from a file.
///
/// The journal keeps it as an experiment of that name, with one meta-training that was done elsewhere. So all that goes
/// by an experiment's name goes by its: specs find it as `{"kind": "stored", "name": NAME}`, trials record which version
/// they used, and queries show it.
public struct OptimizerImport: Sendable {
    /// What came of an import.
    public enum Outcome: Sendable, Equatable {
        case imported
        /// The very same optimizer was there under that name already.
        case wasThere
    }

    public let name: String
    private let source: String
    private let origin: String?
    private let record: LearnedOptimizerRecord

    /// Reads a file and checks it whole, before any journal is touched.
    ///
    /// - Parameters:
    ///   - path: where the bytes are from, for messages; its last part is recorded.
    ///   - name: what the optimizer will be called; nil for what the file is called, without what follows the last dot.
    ///   - registry: knows its kind.
    /// - Throws: ``JournalError``: of kind `usage` for a name that no experiment can have, of kind `badData` for what
    ///   is no such file, or one whose weights are not what its configuration asks for.
    public init(_ bytes: Data, path: String, name: String? = nil, registry: Registry) throws {
        let url = URL(fileURLWithPath: path)
        let name = name ?? url.deletingPathExtension().lastPathComponent
        guard ExperimentSpec.isName(name) else {
            throw JournalError(
                .usage,
                "found the name \"\(name)\" for a learned optimizer; allowed: \(ExperimentSpec.wordingOfNames) (--name)"
            )
        }
        let file = try SafetensorsFile(bytes, file: path)
        func text(_ key: String) throws -> String {
            guard let text = file.metadata[key] else {
                throw JournalError(.badData, "\(path) is no learned optimizer: its __metadata__ has no \(key)")
            }
            return text
        }
        let loss = file.metadata[OptimizerExport.Key.evaluationLoss]
        guard loss == nil || loss.flatMap(Double.init) != nil else {
            throw JournalError(.badData, "\(path): found the evaluationLoss \"\(loss ?? "")\"; allowed: a number")
        }
        let kind = try text(OptimizerExport.Key.kind)
        var record = LearnedOptimizerRecord(
            name: path, kind: kind, configuration: try text(OptimizerExport.Key.configuration),
            evaluationLoss: loss.flatMap(Double.init), weights: file.tensors)
        let learned = try LearnedOptimizer(record, registry)
        guard learned.spec.kind == kind else {
            throw JournalError(
                .badData,
                "\(path): found the kind \"\(kind)\", and a configuration of the kind \"\(learned.spec.kind)\"")
        }
        record.weights = learned.weights
        record.name = name
        self.name = name
        self.record = record
        source = url.lastPathComponent
        origin = file.metadata[OptimizerExport.Key.experiment]
    }

    /// Records the optimizer; safe to repeat.
    ///
    /// - Throws: ``JournalError`` of kind `usage` where the name belongs to something else in the journal.
    public func record(in journal: Journal) throws -> Outcome {
        let versions = try journal.experiments(named: name)
        if let other = versions.first(where: { $0.hash != hash }) {
            throw JournalError(
                .usage,
                "the journal has an experiment \(name)@\(other.hash.prefix(12)) already; choose another name with --name"
            )
        }
        let registered = try journal.register(registration)
        let writer = try JournalWriter(journal)
        let trial = registered.trials[0]
        defer { try? writer.finish() }
        switch try writer.begin(trial, TrialStart(kernelTable: Self.elsewhere)) {
        case .completed:
            return .wasThere
        case .taken(let host, let pid):
            throw JournalError(.inputOutput, "process \(pid) on \(host) is importing \(name) at this moment")
        case .started, .startedOver, .resumed:
            let loss = record.evaluationLoss ?? .nan
            writer.learnedOptimizer(trial, record)
            writer.complete(trial, TrialResults(steps: 0, seconds: 0, values: [.finalLoss: loss, .bestLoss: loss]))
            try writer.flush()
            return .imported
        }
    }

    /// What stands for the problem and the kernels of a meta-training that was done elsewhere.
    private static let elsewhere = "imported"

    private var registration: ExperimentRegistration {
        let spec = JSONValue.object([
            "name": .string(name),
            "imported": .object([
                "file": .string(source), "experiment": origin.map { .string($0) } ?? .null,
                "optimizer": JSONValue(parsing: record.configuration) ?? .null,
            ]),
        ]).canonicalText
        let isDouble = record.weights.contains { $0.elementType == .float64 }
        return ExperimentRegistration(
            name: name, hash: hash, spec: spec, canonicalSpec: spec,
            question: "Imported from \(source)" + (origin.map { ", learned by \($0)" } ?? ""),
            trials: [
                TrialRegistration(
                    identity: hash, kind: .metaTraining, problem: Self.elsewhere, problemSettings: "{}",
                    optimizer: record.kind, optimizerSettings: record.configuration, seed: 0, steps: 0,
                    precision: isDouble ? "double" : "single")
            ])
    }

    /// The version: a hash of all that the optimizer is, whatever its file was called.
    private var hash: String {
        return JSONValue.array([
            .string(name), .string(record.configuration), .string(origin ?? ""),
            .string(record.evaluationLoss.map { "\($0)" } ?? ""), .array(record.weights.map(\.json)),
        ]).contentHash
    }
}
