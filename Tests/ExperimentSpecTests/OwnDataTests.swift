import Foundation
import Nouns
import Problems
import Testing

@testable import ExperimentSpec

/// Parts of CIFAR-10, and data of one's own, as specs ask for them.
@Suite struct OwnDataTests {
    private func datasetFaults(_ dataset: String) -> [String] {
        faults(problem: #""kind": "classification", "dataset": \#(dataset)"#)
    }

    private func dataset(_ text: String) throws -> DatasetSpec {
        try #require(try spec(example, "problem.dataset=\(text)").points[0].settings.problem.datasets.first)
    }

    @Test func trialsHaveTheFilesOfTheirPurpose() throws {
        let folder = URL(fileURLWithPath: "/specs")
        let both = try dataset(#"{"name": "cifar-10", "batches": {"metaTraining": [3, 1], "training": [4]}}"#)
        #expect(both.resolved(for: .metaTraining, in: folder).files == [1, 3])
        #expect(both.resolved(for: .training, in: folder).files == [4])
        let one = try dataset(#"{"name": "cifar-10", "batches": {"metaTraining": [3, 1]}}"#)
        #expect(one.resolved(for: .metaTraining, in: folder) == both.resolved(for: .metaTraining, in: folder))
        #expect(one.resolved(for: .training, in: folder) == (try dataset(#""cifar-10""#)))
        #expect(both.name == "cifar-10" && both.kind == nil)
    }

    @Test func pathsAreRelativeToTheSpec() throws {
        let folder = URL(fileURLWithPath: "/specs/mine")
        func path(_ path: String) throws -> String {
            let spec = try dataset(#"{"kind": "files", "path": "\#(path)"}"#)
            #expect(spec.name == path && spec.kind == "files")
            return spec.resolved(for: .training, in: folder).name
        }
        #expect(try path("own.npz") == "/specs/mine/own.npz")
        #expect(try path("../own.npz") == "/specs/own.npz")
        #expect(try path("/data/own.npz") == "/data/own.npz")
    }

    @Test(arguments: [
        (
            #"{"name": "cifar-10", "batches": {"metaTraining": [1, 2], "training": [3, 2]}}"#,
            "problem.dataset.batches.training[1]: found file 2, which metaTraining has too; allowed: files that only one of "
                + "the two has"
        ),
        (
            #"{"name": "cifar-10", "batches": {"metaTraining": []}}"#,
            "problem.dataset.batches.metaTraining: found an empty list; allowed: a list of at least one, none twice, each a whole "
                + "number from 1 to 5"
        ),
        (
            #"{"name": "cifar-10", "batches": {"training": [1, 6]}}"#,
            "problem.dataset.batches.training: found [1,6]; allowed: a list of at least one, none twice, each a whole number from 1 to 5"
        ),
        (
            #"{"name": "mnist", "batches": {"training": [1]}}"#,
            "problem.dataset.batches: found files of \"mnist\"; allowed: files of \"cifar-10\" alone, which has its training "
                + "images in several"
        ),
        (
            #"["mnist", {"name": "cifar-100", "batches": {"training": [1]}}]"#,
            "problem.dataset[1].batches: found files of \"cifar-100\"; allowed: files of \"cifar-10\" alone, which has its "
                + "training images in several"
        ),
        (
            #"{"kind": "csv", "path": "a.csv"}"#, "problem.dataset.label: found nothing; allowed: "
        ),
        (
            #"{"kind": "csv", "path": "a.csv", "label": "b", "test": 1}"#,
            "problem.dataset.test: found 1; allowed: a number above 0 up to, not including, 1"
        ),
        (
            #"{"kind": "csv", "path": "a.csv", "label": "b", "separator": "ab"}"#,
            "problem.dataset.separator: found \"ab\"; allowed: one character"
        ),
        (
            #"{"kind": "folder", "path": "a", "size": [3, 4, 5]}"#,
            "problem.dataset.size: found a list of 3; allowed: [height, width], or one number"
        ),
        (#"{"kind": "folder", "path": "a", "channels": 2}"#, "problem.dataset.channels: found 2; allowed: 3 or 1"),
        (
            #"{"kind": "fils", "path": "a"}"#,
            #"problem.dataset.kind: found "fils"; allowed: "files", "folder" or "csv" (did you mean "files"?)"#
        ),
        (#"{"path": "a"}"#, #"problem.dataset.kind: found nothing; allowed: "files", "folder" or "csv""#),
        (#"{"kind": "files", "path": "a", "label": "b"}"#, "problem.dataset.label: found an unknown key; allowed: "),
        (
            #"[{"kind": "files", "path": "a"}, {"kind": "files", "path": "a", "fallback": "mnist"}]"#,
            "problem.dataset[1]: found the same dataset as problem.dataset[0]"
        ),
    ])
    func whatIsWrongIsTold(dataset: String, message: String) {
        let found = datasetFaults(dataset)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("spec.json: \(message)") == true, "\(found)")
    }

    @Test func theProblemCIFARHasThemToo() throws {
        #expect(
            faults(problem: #""kind": "cifar", "batches": {"metaTraining": [1, 2, 3], "training": [4, 5]}"#).isEmpty)
        #expect(faults(problem: #""kind": "cifar", "batches": {"metaTraining": [1], "training": [1]}"#).count == 1)
    }

    /// What a kind leaves out is filled in, and what a dataset had before there were files of its own keeps its hash.
    @Test func settingsAreFilledIn() throws {
        let table = try dataset(#"{"kind": "csv", "path": "a.csv", "label": "b"}"#)
        #expect(table.settings.text("separator") == "," && table.settings.number("test") == 0.2)
        let changed = try spec(example, "problem.dataset.kind=folder", "problem.dataset.path=a")
        #expect(
            changed.points[0].settings.problem.datasets[0].settings.values.keys.sorted() == [
                "fallback", "kind", "path",
            ])
    }
}
