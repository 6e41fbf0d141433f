import Foundation
import Testing

/// Lists of datasets as a person uses them: our own digits, and Fashion-MNIST in a data folder.
@Suite struct DatasetListTests {
    let program = try! Program()

    init() throws {
        // Official in form, of twenty pictures.
        for (name, count) in [("train", 20), ("t10k", 10)] {
            let labels = (0..<count).map { UInt8($0 % 10) }
            let pixels = (0..<count * 784).map { UInt8($0 * 31 % 251) }
            let size = [0, 0, 0, UInt8(count)]
            try write([0, 0, 8, 3] + size + [0, 0, 0, 28, 0, 0, 0, 28] + pixels, to: "\(name)-images-idx3-ubyte")
            try write([0, 0, 8, 1] + size + labels, to: "\(name)-labels-idx1-ubyte")
        }
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        let folder = program.folder.appendingPathComponent("data/fashion-mnist")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: folder.appendingPathComponent(name))
    }

    private func spec(_ datasets: String) -> String {
        """
        {"name": "both", "problem": {"kind": "classification", "dataset": \(datasets), "batchSize": 4,
            "student": {"hidden": [2]}},
         "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 4, "steps": 4, "unrollLength": 2,
             "evaluation": {"every": 2, "epochs": 2}},
         "evaluation": {"steps": 3, "repeats": 10, "optimizers": [{"kind": "trained"}, {"kind": "adam"}]}}
        """
    }

    @Test func runsAndTellsWhatWasDrawn() throws {
        try program.write(spec(#"["synthetic-digits", "fashion-mnist"]"#), to: "both.json")
        let run = try program.call("run", "both.json", "--data-dir", "data")
        #expect(run.code == 0)
        #expect(run.messages.contains("21 of 21 trials completed"))
        #expect(run.output.contains("synthetic-digits, generated from seed 1"))
        #expect(run.output.contains("fashion-mnist, files in"))
        // Optimizers are compared on what both have drawn.
        let draws = try program.call(
            "query", "--sql",
            """
            SELECT dataset, count(DISTINCT seed), count(*), min(architecture ->> 'dataset'), max(architecture ->> 'dataset')
            FROM trials WHERE kind = 'evaluation' GROUP BY dataset ORDER BY dataset
            """, "--format", "csv"
        ).lines.dropFirst().map { $0.split(separator: ",") }
        #expect(draws.map { $0[0] } == ["fashion-mnist", "synthetic-digits"])
        #expect(draws.compactMap { Int($0[1]) }.reduce(0, +) == 10)
        for draw in draws {
            #expect(Int(draw[2]) == 2 * (try #require(Int(draw[1]))))
            #expect(draw[3] == draw[0] && draw[4] == draw[0])
        }
        let results = "SELECT identity, finalLoss, architecture FROM trials ORDER BY identity"
        let first = try program.call("query", "--sql", results, "--format", "csv").output
        try program.call("run", "both.json", "--data-dir", "data", "--quiet", "--fresh")
        #expect(try program.call("query", "--sql", results, "--format", "csv").output == first)
    }

    @Test(arguments: [
        ("[]", Int32(65), "problem.dataset: found an empty list"),
        (
            #"["fashion-mnist", "fashion-mnist"]"#, 65,
            "problem.dataset[1]: found the same dataset as problem.dataset[0]"
        ),
        (#"["fashion-mnist", "mnits"]"#, 65, #"problem.dataset[1]: found "mnits""#),
        (#"["fashion-mnist", "cifar-10"]"#, 66, "cifar-10 is neither in "),
    ]) func aListThatIsWrongIsRefusedBeforeAnythingRuns(datasets: String, code: Int32, message: String) throws {
        try program.write(spec(datasets), to: "both.json")
        let run = try program.call("run", "both.json", "--data-dir", "data")
        #expect(run.code == code)
        #expect(run.messages.contains(message), "\(run.messages)")
        #expect(!program.has("journal.sqlite"))
    }

    @Test func aFallbackStandsInForItsOwnDataset() throws {
        try program.write(
            spec(#"[{"name": "cifar-10", "fallback": "synthetic-digits"}, "fashion-mnist"]"#), to: "both.json")
        let run = try program.call("run", "both.json", "--data-dir", "data")
        #expect(run.code == 0)
        #expect(run.messages.contains("Using synthetic-digits in its place."))
        #expect(run.output.contains("stands in for cifar-10"))
    }
}
