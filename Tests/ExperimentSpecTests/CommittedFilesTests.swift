import ExperimentSpec
import Foundation
import Testing
import TrialKinds

/// The files of the repository that follow from the format, or are written in it.
@Suite struct CommittedFilesTests {
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: [
        ("Schemas/experiment.schema.json", Vocabulary.standard.jsonSchema),
        ("docs/spec.md", Vocabulary.standard.markdownReference),
    ])
    func schemaIsTheGeneratedOne(name: String, generated: String) throws {
        let file = Self.repository.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["REGENERATE_SCHEMA"] != nil {
            try generated.write(to: file, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: file, encoding: .utf8)
        #expect(
            committed == generated,
            "write \(name) anew with: REGENERATE_SCHEMA=1 swift test --filter schemaIsTheGeneratedOne")
    }

    /// Each link leads to a heading, and each heading is there once.
    @Test func linksOfTheReferenceLeadSomewhere() throws {
        let lines = Vocabulary.standard.markdownReference.split(separator: "\n").map(String.init)
        let anchors = lines.filter { $0.hasPrefix("##") }.map { line in
            let title = line.drop { $0 == "#" || $0 == " " }.lowercased()
            let kept = title.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
            return kept.replacingOccurrences(of: " ", with: "-")
        }
        #expect(Set(anchors).count == anchors.count)
        let links = lines.flatMap { $0.components(separatedBy: "](#").dropFirst().map { $0.prefix { $0 != ")" } } }
        #expect(links.count > anchors.count)
        for link in links { #expect(anchors.contains(String(link))) }
    }

    private static let experiments = repository.appendingPathComponent("Experiments")

    /// The names of all committed specs.
    private static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(at: experiments, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.map { $0.deletingPathExtension().lastPathComponent }.sorted()
    }

    @Test func experimentsAreRight() throws {
        let names = try Self.names()
        #expect(names.contains("l2l-mnist"))
        let table = try String(contentsOf: Self.experiments.appendingPathComponent("README.md"), encoding: .utf8)
        for name in names {
            let file = Self.experiments.appendingPathComponent("\(name).json")
            let spec = try ExperimentSpec(
                Array(Data(contentsOf: file)), file: file.lastPathComponent, vocabulary: .standard)
            #expect(spec.name == name)
            #expect(spec.question?.hasSuffix("?") == true || name == "example")
            #expect(table.contains("| `\(name).json` |"))
        }
    }

    /// Whole specs in the documentation can be run as they stand.
    @Test(arguments: [("README.md", 1), ("docs/teachers.md", 1)])
    func specsInTheDocumentationAreRight(name: String, count: Int) throws {
        let text = try String(contentsOf: Self.repository.appendingPathComponent(name), encoding: .utf8)
        let blocks = text.components(separatedBy: "```json\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        let specs = blocks.filter { $0.contains("\"name\"") && $0.contains("\"problem\"") && $0.hasPrefix("{") }
        #expect(specs.count == count)
        for spec in specs { _ = try ExperimentSpec(spec, file: name, vocabulary: .standard) }
    }

    /// The committed journal was made by this very version of the experiment; the format may grow around it.
    @Test func theExampleIsStillTheJournals() throws {
        let file = Self.repository.appendingPathComponent("Experiments/example.json")
        let spec = try ExperimentSpec(Array(Data(contentsOf: file)), file: "example.json", vocabulary: .standard)
        #expect(spec.hash.hasPrefix("aeec0c3a705f"))
    }

    /// The rules that its published table has.
    @Test func mainExperimentComparesThreeReplicatesWithSevenRulesOnFourProblems() throws {
        let file = Self.repository.appendingPathComponent("Experiments/l2l-mnist.json")
        let plan = try ExperimentSpec(Array(Data(contentsOf: file)), file: "l2l-mnist.json", vocabulary: .standard)
            .expanded()
        let evaluations = plan.trials.filter { $0.kind == .evaluation }
        #expect(
            Set(evaluations.map(\.optimizerLabel))
                == ["trained", "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"])
        #expect(Set(evaluations.map(\.problemLabel)) == ["one-layer", "forty-units", "two-layers", "relu"])
        #expect(evaluations.count == 4 * (3 + 7) * 100)
    }
}
