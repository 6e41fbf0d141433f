import Foundation
import Testing

/// What bad input gets: a clear message, the right exit code, and nothing written.
@Suite struct BadInputTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
    }

    private func expectRefusal(
        _ arguments: [String], code: Int32, saying words: String..., environment: [String: String] = [:]
    ) throws {
        let outcome = try program.start(["run"] + arguments, environment: environment).outcome()
        #expect(outcome.code == code)
        #expect(outcome.output.isEmpty)
        for word in words { #expect(outcome.messages.contains(word), "\(outcome.messages)") }
        #expect(!program.has("journal.sqlite"))
        #expect(!outcome.messages.contains("Fatal error"))
    }

    @Test(arguments: [
        ("{", "line 1"),
        ("", "line 1"),
        (#"{"name": "a"}"#, "problem"),
        (Specs.quadratic.replacingOccurrences(of: "batchSize", with: "batchsize"), "batchSize"),
        (Specs.quadratic.replacingOccurrences(of: #""unrollLength": 10"#, with: #""unrollLength": 0"#), "unrollLength"),
        (Specs.quadratic.replacingOccurrences(of: #""unrollLength": 10"#, with: #""unrollLength": 7"#), "divide"),
        (Specs.quadratic.replacingOccurrences(of: "[0.1, 0.01]", with: "[]"), "tune"),
    ])
    func faultySpec(text: String, word: String) throws {
        try program.write(text, to: "faulty.json")
        try expectRefusal(["faulty.json"], code: 65, saying: "faulty.json", word)
        try expectRefusal(["faulty.json", "--dry-run"], code: 65, saying: word)
    }

    @Test func allFaultsOfAllSpecsAreToldAtOnce() throws {
        try program.write(Specs.quadratic.replacingOccurrences(of: "batchSize", with: "batchsize"), to: "one.json")
        try program.write(Specs.quadratic.replacingOccurrences(of: "epochs", with: "epoch"), to: "two.json")
        try expectRefusal(["one.json", "two.json"], code: 65, saying: "one.json", "two.json", "batchSize", "epochs")
    }

    @Test func unknownDataset() throws {
        try program.write(Self.digits(dataset: "mnits"), to: "digits.json")
        try expectRefusal(["digits.json"], code: 65, saying: "mnits", "mnist")
    }

    @Test func truncatedData() throws {
        try program.write(Self.digits(dataset: "mnist"), to: "digits.json")
        for name in ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"] {
            let file = program.folder.appendingPathComponent("data/mnist/\(name)-ubyte")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28]).write(to: file)
        }
        try expectRefusal(["digits.json", "--data-dir", "data"], code: 65, saying: "train-images-idx3-ubyte")
        try expectRefusal(["digits.json"], code: 65, saying: "ubyte", environment: ["JOURNAL_DATA": "data"])
    }

    @Test func missingSpec() throws {
        try expectRefusal(["l2l-mnist"], code: 66, saying: "journal init first.json")
        try program.write(Specs.quadratic, to: "Experiments/l2l-mnist.json")
        try expectRefusal(["l2l-mnits.json"], code: 66, saying: "l2l-mnits.json", "Experiments has l2l-mnist")
    }

    @Test func wrongUse() throws {
        try expectRefusal(["quadratic.json", "--workers", "0"], code: 64, saying: "worker")
        try expectRefusal(["quadratic.json", "--worker", "2"], code: 64, saying: "--worker")
        try expectRefusal([], code: 64, saying: "spec")
        try expectRefusal(["quadratic.json", "--set", "evaluation.repeats"], code: 65, saying: "PATH=VALUE")
        try expectRefusal(["quadratic.json", "--set", "evaluation.repeat=3"], code: 65, saying: "repeats")
        try expectRefusal(
            ["quadratic.json"], code: 64, saying: "JOURNAL_KERNELS", "baseline",
            environment: ["JOURNAL_KERNELS": "fastest"])
    }

    @Test func foreignJournal() throws {
        try program.write("This is no database.\n", to: "notes.sqlite")
        try expectRefusal(["quadratic.json", "--journal", "notes.sqlite"], code: 65, saying: "not a journal")
        try expectRefusal(["quadratic.json", "--journal", "no/folder/journal.sqlite"], code: 66, saying: "no/folder")
        try expectRefusal(["quadratic.json", "--journal", "/proc/journal.sqlite"], code: 74, saying: "/proc")
    }

    private static func digits(dataset: String) -> String {
        """
        {"name": "digits", "problem": {"kind": "classification", "dataset": "\(dataset)"},
         "evaluation": {"optimizers": [{"kind": "adam"}]}}
        """
    }
}
