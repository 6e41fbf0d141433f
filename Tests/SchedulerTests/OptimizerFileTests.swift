import Foundation
import JournalStore
import Nouns
import Registry
import Testing

@testable import Scheduler

@Suite struct OptimizerFileTests {
    private let test = try! TestJournal()

    /// A spec that trains one optimizer on small quadratics, and evaluates it.
    private static func training(_ optimizer: String, precision: String) -> String {
        """
        {"name": "teacher", "seed": 3, "precision": "\(precision)",
         "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
         "metaTraining": {
             "optimizer": \(optimizer), "epochs": 2, "steps": 10, "unrollLength": 5, "evaluation": {"every": 1, "epochs": 1}},
         "evaluation": {"steps": 10, "repeats": 2, "optimizers": [{"kind": "trained"}]}}
        """
    }

    private static func comparison(_ name: String, precision: String) -> String {
        """
        {"name": "comparison", "seed": 3, "precision": "\(precision)",
         "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
         "evaluation": {"steps": 10, "repeats": 2, "optimizers": [{"kind": "stored", "name": "\(name)"}]}}
        """
    }

    @Test(arguments: [
        (#"{"kind": "lstm", "layers": [3, 2]}"#, "single"),
        (#"{"kind": "lstm", "layers": [3, 2], "averagingCells": 1}"#, "single"),
        (
            #"{"kind": "lstm", "layers": [], "inputs": {"kind": "identity"}, "initial": "zeros", "lambda": 0.01}"#,
            "single"
        ),
        (#"{"kind": "lstm", "layers": [3], "lambda": "learned"}"#, "double"),
        (#"{"kind": "rnnprop", "preprocessing": 3, "layers": [4]}"#, "single"),
        (#"{"kind": "mlp", "hidden": [4]}"#, "double"),
        (#"{"kind": "tensorLstm", "elements": 3, "layers": [4]}"#, "single"),
    ])
    func anOptimizerGoesToAnotherJournalAndBack(_ optimizer: String, precision: String) throws {
        #expect(try test.run(Self.training(optimizer, precision: precision)).failed == 0)
        let export = try OptimizerExport(named: "teacher", in: test.journal, registry: .standard)
        #expect(export.reference == export.file.metadata["experiment"])
        let other = try TestJournal()
        let imported = try OptimizerImport(
            export.file.bytes, path: "some/folder/student.v1.safetensors", registry: .standard)
        #expect(imported.name == "student.v1")
        #expect(try imported.record(in: other.journal) == .imported)
        #expect(try imported.record(in: other.journal) == .wasThere)

        let again = try OptimizerExport(named: "student.v1", in: other.journal, registry: .standard)
        #expect(again.file.tensors == export.file.tensors)
        for key in ["kind", "configuration", "evaluationLoss"] {
            #expect(again.file.metadata[key] != nil)
            #expect(again.file.metadata[key] == export.file.metadata[key])
        }

        try other.run(Self.comparison("student.v1", precision: precision))
        let trained = try test.journal.trials(of: test.experiment("teacher"), kind: .evaluation)
        let stored = try other.journal.trials(of: other.experiment("comparison"))
        #expect(stored.map(\.results?.finalLoss) == trained.map(\.results?.finalLoss))
        #expect(stored[0].optimizerSettings.contains(again.reference))
    }

    @Test func aTakenNameIsRefused() throws {
        try test.run(Specs.quadratic())
        let bytes = try OptimizerExport(named: "quadratic", in: test.journal, registry: .standard).file.bytes
        let error = #expect(throws: JournalError.self) {
            try OptimizerImport(bytes, path: "quadratic.safetensors", registry: .standard).record(in: test.journal)
        }
        #expect(error?.kind == .usage)
        #expect(error?.message.contains("quadratic@") == true)
        #expect(error?.message.contains("--name") == true)
        #expect(
            try OptimizerImport(bytes, path: "quadratic.safetensors", name: "copy", registry: .standard).record(
                in: test.journal)
                == .imported)
    }

    private let linear = SafetensorsFile(
        metadata: [
            "kind": "lstm", "configuration": #"{"kind": "lstm", "layers": [], "inputs": {"kind": "identity"}}"#,
        ],
        tensors: [
            NamedTensor(name: "linear/bias", shape: [1], values: [0.25] as [Float]),
            NamedTensor(name: "linear/weight", shape: [1, 1], values: [-3] as [Float]),
        ])

    private func message(_ file: SafetensorsFile, name: String? = nil, kind: JournalError.Kind = .badData) -> String {
        let error = #expect(throws: JournalError.self) {
            _ = try OptimizerImport(file.bytes, path: "a.safetensors", name: name, registry: .standard)
        }
        #expect(error?.kind == kind)
        return error?.message ?? ""
    }

    /// As a person might write one: tensors in any order, no loss, defaults left out.
    @Test func filesOfOtherProgramsAreRead() throws {
        #expect(
            try OptimizerImport(linear.bytes, path: "a.safetensors", registry: .standard).record(in: test.journal)
                == .imported)
        let stored = try StoredOptimizer(named: "a", in: test.journal, .standard)
        #expect(stored.record.weights.map(\.name) == ["linear/weight", "linear/bias"])
        #expect(stored.learned.metaParameters(as: Double.self) == [-3, 0.25])
    }

    @Test(arguments: ["", "a b", "a@b", "-a", "a/b"]) func namesThatNoExperimentCanHaveAreRefused(name: String) {
        #expect(message(linear, name: name, kind: .usage).contains("allowed: a name without spaces"))
    }

    @Test func whatIsNoLearnedOptimizerIsRefused() {
        func changed(_ change: (inout SafetensorsFile) -> Void) -> String {
            var file = linear
            change(&file)
            return message(file)
        }
        #expect(
            changed { $0.metadata["kind"] = nil }
                == "a.safetensors is no learned optimizer: its __metadata__ has no kind")
        #expect(changed { $0.metadata["configuration"] = nil }.hasSuffix("has no configuration"))
        #expect(
            changed { $0.metadata["kind"] = "mlp" }.contains(
                #"found the kind "mlp", and a configuration of the kind "lstm""#))
        #expect(changed { $0.metadata["evaluationLoss"] = "low" }.contains(#"found the evaluationLoss "low""#))
        #expect(changed { $0.metadata["configuration"] = "{" }.contains("line 1"))
        #expect(changed { $0.metadata["configuration"] = #"{"kind": "lsmt"}"# }.contains(#"did you mean "lstm"?"#))
        #expect(
            changed { $0.metadata["configuration"] = #"{"kind": "lstm", "layers": [4]}"# }
                .contains("asks for lstm1/weight [6, 16], lstm1/bias [16], linear/weight [4, 1], linear/bias [1]"))
        #expect(
            changed { $0.tensors[1] = NamedTensor(name: "linear/weight", shape: [2, 1], values: [1, 2] as [Float]) }
                .contains("linear/weight [2, 1]"))
        #expect(changed { $0.tensors.removeLast() }.contains("are linear/bias [1], and"))
        #expect(changed { $0.tensors.append($0.tensors[0].named("more")) }.contains("more [1]"))
    }
}

extension NamedTensor {
    fileprivate func named(_ name: String) -> NamedTensor {
        NamedTensor(name: name, shape: shape, elementType: elementType, bytes: bytes)
    }
}
