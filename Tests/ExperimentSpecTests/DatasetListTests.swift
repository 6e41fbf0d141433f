import Problems
import Testing

@testable import ExperimentSpec

/// Lists of datasets to draw from.
@Suite struct DatasetListTests {
    private let list = #"[{"name": "mnist", "fallback": "synthetic-digits"}, "cifar-10"]"#

    private func datasetFaults(_ dataset: String) -> [String] {
        faults(problem: #""kind": "classification", "dataset": \#(dataset)"#)
    }

    private func datasets(_ spec: ExperimentSpec) -> [DatasetSpec] { spec.points[0].settings.problem.datasets }

    @Test func readsEachAsIfItStoodAlone() throws {
        let classes = #"{"name": "cifar-10", "classes": [3, 1]}"#
        let both = try datasets(spec(example, "problem.dataset=[\"mnist\", \(classes)]"))
        #expect(both.map(\.name) == ["mnist", "cifar-10"])
        #expect(both.map(\.classes) == [nil, [3, 1]])
        #expect(
            both == (try datasets(spec(example, "problem.dataset=mnist")))
                + (try datasets(spec(example, "problem.dataset=\(classes)"))))
    }

    @Test func aListOfOneIsRight() throws {
        #expect(try datasets(spec(example, #"problem.dataset=["mnist"]"#)).map(\.name) == ["mnist"])
    }

    /// Spelling makes no difference to the version of an experiment, and the order does: it decides what a seed draws.
    @Test func theHashFollowsFromWhatIsDrawn() throws {
        let hash = try spec(example, #"problem.dataset=["mnist", "cifar-10"]"#).hash
        #expect(try spec(example, #"problem.dataset=[{"name": "mnist"}, {"name": "cifar-10"}]"#).hash == hash)
        #expect(try spec(example, #"problem.dataset=["cifar-10", "mnist"]"#).hash != hash)
        #expect(try spec(example, "problem.dataset=mnist").hash != hash)
    }

    @Test func pathsLeadIntoTheList() throws {
        let text = example.replacing(#"{"name": "mnist", "fallback": "synthetic-digits"}"#, with: list)
        let changed = try spec(text, "problem.dataset.1=cifar-100", "problem.dataset.1.classes=[5, 6]")
        #expect(datasets(changed).map(\.name) == ["mnist", "cifar-100"])
        #expect(datasets(changed).map(\.classes) == [nil, [5, 6]])
        #expect(
            faults(text, "problem.dataset.name=cifar-100") == [
                #"--set problem.dataset.name=cifar-100: found "name"; allowed: an index from 0 to 1"#
            ])
    }

    @Test func evaluationsMayTakeOneOfThem() throws {
        let text = example.replacing(#"{"name": "mnist", "fallback": "synthetic-digits"}"#, with: list)
        let problems = #"[{}, {"dataset": "cifar-10"}, {"dataset": ["mnist", "cifar-100"]}]"#
        let plan = try spec(text, "evaluation.problems=\(problems)").expanded()
        #expect(
            Set(plan.trials.filter { $0.kind == .evaluation }.map { $0.problem.datasets.map(\.name) })
                == [
                    ["mnist", "cifar-10"], ["cifar-10"], ["mnist", "cifar-100"],
                ])
        #expect(
            Set(plan.trials.filter { $0.kind == .evaluation }.map(\.problemLabel)).contains(
                "classification (dataset [mnist, cifar-100])"))
    }

    @Test func refusesAnEmptyListAndWhatIsNoDataset() {
        let allowed =
            #"allowed: the name as a text, or an object with the fields name, fallback, classes and batches, or one with "kind": "files", "folder" or "csv", or a list of at least one such"#
        #expect(datasetFaults("[]") == ["spec.json: problem.dataset: found an empty list; \(allowed)"])
        #expect(datasetFaults("3") == ["spec.json: problem.dataset: found 3; \(allowed)"])
    }

    @Test func slipsInTheListAreToldWithTheirPlace() {
        #expect(
            datasetFaults(#"["mnist", "cifar10", {"name": "mnist", "clases": [0, 1]}, [], {"classes": [1, 1]}]"#) == [
                #"spec.json: problem.dataset[1]: found "cifar10"; allowed: \#(datasetNames) (did you mean "cifar-10"?)"#,
                #"spec.json: problem.dataset[2].clases: found an unknown key; allowed: the fields name, fallback, classes and batches (did you mean "classes"?)"#,
                #"spec.json: problem.dataset[3]: found an empty list; allowed: the name as a text, or an object with the fields name, fallback, classes and batches, or one with "kind": "files", "folder" or "csv""#,
                "spec.json: problem.dataset[4].name: found nothing; allowed: \(datasetNames)",
                "spec.json: problem.dataset[4].classes: found [1,1]; allowed: a list of at least two that differ, each a whole number from 0 to 255",
            ])
    }

    @Test func refusesOneDatasetTwice() {
        func message(_ place: String, _ first: Int, _ second: Int) -> String {
            "spec.json: \(place)[\(second)]: found the same dataset as \(place)[\(first)]; allowed: datasets that differ in more than \"fallback\""
        }
        let twice = #"["cifar-10", "mnist", {"name": "mnist", "fallback": "synthetic-digits"}]"#
        #expect(datasetFaults(twice) == [message("problem.dataset", 1, 2)])
        #expect(
            datasetFaults(#"["mnist", {"name": "mnist", "classes": [0, 1]}, {"name": "mnist", "classes": [1, 2]}]"#)
                == [])
        let part = #"{"kind": "classification", "dataset": ["mnist", "mnist"]}"#
        #expect(
            faults(problem: #""kind": "ensemble", "problems": [{"kind": "simple"}, \#(part)]"#)
                == [message("problem.problems[1].dataset", 0, 1)])
        // What an evaluation has of the problem is told once, there.
        #expect(
            faults(
                fields: #"""
                    "problem": \#(part), "evaluation": {"optimizers": [{"kind": "sgd"}],
                        "problems": [{}, {"name": "b", "batchSize": 3}, {"dataset": ["cifar-10", "cifar-10"]}]}
                    """#)
                == [message("problem.dataset", 0, 1), message("evaluation.problems[2].dataset", 0, 1)])
    }
}
