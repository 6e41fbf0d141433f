import Formats
import Nouns
import Testing

@testable import ExperimentSpec

/// What specs say of networks and of what goes into them.
@Suite struct NetworkSpecTests {
    private func problem(_ fields: String) throws -> Settings {
        let evaluation = #""evaluation": {"optimizers": [{"kind": "sgd"}]}"#
        let text =
            #"{"name": "n", "problem": {"kind": "classification", "dataset": "mnist", \#(fields)}, \#(evaluation)}"#
        return try spec(text).points[0].settings.problem.settings
    }

    private func faultsOf(_ fields: String) -> [String] {
        faults(problem: #""kind": "classification", "dataset": "mnist", \#(fields)"#)
    }

    @Test func residualStudentsHaveNoOtherLayers() throws {
        let small = try problem(#""student": {"residual": {"layers": 20}}"#)
        #expect(small.values["student"] == ["residual": ["layers": 20]])
        let large = try problem(#""student": {"residual": {"layers": 18, "pictures": "imagenet"}}"#)
        #expect(large.values["student"] == ["residual": ["layers": 18, "pictures": "imagenet"]])
        let drawn = try problem(#""student": {"residual": {"layers": 20}, "initialization": "glorot"}"#)
        #expect(drawn.settings("student").text("initialization") == "glorot")
    }

    @Test(arguments: [
        (#""hidden": [20]"#, "hidden"), (#""hidden": []"#, "hidden"),
        (#""random": {"layers": [0, 1], "units": [1, 2]}"#, "random"),
        (#""convolutions": [{"kernel": 3, "channels": 2}]"#, "convolutions"), (#""activation": "relu""#, "activation"),
        (#""batchNormalization": true"#, "batchNormalization"),
    ])
    func nothingStandsBesideResidual(field: String, name: String) {
        let names = [name, "residual"].sorted()
        #expect(
            faultsOf(#""student": {"residual": {"layers": 20}, \#(field)}"#) == [
                #"spec.json: problem.student: found both "\#(names[0])" and "\#(names[1])"; allowed: one of the two"#
            ])
    }

    @Test(arguments: [
        (#"{"layers": 21}"#, "21", "6n + 2 layers; 20 and 26 are nearest"),
        (#"{"layers": 18}"#, "18", "6n + 2 layers; 14 and 20 are nearest"),
        (#"{"layers": 2}"#, "2", "6n + 2 layers; 8 is nearest"),
        (#"{"layers": 20, "pictures": "imagenet"}"#, "20", #"18 or 34 with "pictures": "imagenet""#),
    ])
    func refusesOtherNumbersOfLayers(residual: String, found: String, allowed: String) {
        #expect(
            faultsOf(#""student": {"residual": \#(residual)}"#) == [
                "spec.json: problem.student.residual.layers: found \(found); allowed: \(allowed)"
            ])
    }

    @Test func refusesUnknownPartsOfResidual() {
        #expect(faultsOf(#""student": {"residual": {}}"#).count == 1)
        #expect(faultsOf(#""student": {"residual": 20}"#).count == 1)
        #expect(
            faultsOf(#""student": {"residual": {"layers": 20, "width": 2}}"#).first?.contains("unknown key") == true)
        #expect(
            faultsOf(#""student": {"residual": {"layers": 20, "pictures": "mnist"}}"#) == [
                #"spec.json: problem.student.residual.pictures: found "mnist"; allowed: "cifar" or "imagenet""#
            ])
    }

    /// What is set outdoes what stands in the way, as for every alternative.
    @Test func overridesReplaceOtherLayers() throws {
        let text = example.replacing(#", "activation": "sigmoid""#, with: "")
        let residual = try spec(text, "problem.student.residual.layers=20").points[0].settings.problem
        #expect(residual.settings.values["student"] == ["residual": ["layers": 20]])
        let back = try spec(text, "problem.student.residual.layers=20", "problem.student.hidden=[3]")
        #expect(back.points[0].settings.problem.student.integers("hidden") == [3])
    }

    @Test func hiddenLayersMayBeNone() throws {
        #expect(try problem(#""student": {"hidden": []}"#).settings("student").integers("hidden") == [])
        let random = try problem(#""student": {"random": {"layers": [0, 2], "units": [1, 2]}}"#)
        #expect(random.settings("student").settings("random").integers("layers") == [0, 2])
        #expect(faultsOf(#""student": {"random": {"layers": [-1, 2], "units": [1, 2]}}"#).count == 1)
        #expect(faultsOf(#""student": {"random": {"layers": [0, 2], "units": [0, 2]}}"#).count == 1)
        // A default is still a layer of 20.
        #expect(try problem(#""batchSize": 2"#).settings("student").integers("hidden") == [20])
    }

    @Test func picturesArePrepared() throws {
        let all = try problem(#""augmentation": "cifar", "standardize": "image", "loss": "squaredError""#)
        #expect(all.text("augmentation") == "cifar" && all.text("standardize") == "image")
        #expect(all.text("loss") == "squaredError")
        let plain = try problem(#""batchSize": 2"#)
        #expect(plain.values["augmentation"] == nil && plain.values["standardize"] == nil)
        for (field, value) in [("augmentation", "imagenet"), ("standardize", "batch"), ("loss", "hinge")] {
            let found = faultsOf(#""\#(field)": "\#(value)""#)
            #expect(
                found.count == 1 && found[0].hasPrefix(#"spec.json: problem.\#(field): found "\#(value)"; allowed: "#))
        }
        #expect(faults(problem: #""kind": "cifar", "standardize": "image""#).count == 1)
    }

    private let given = #"{"deviations": [0.05, 0.04, 0.0052083333], "biases": [0, 0.1, 0]}"#

    @Test func initialWeightsMayBeGivenLayerByLayer() throws {
        let layers = #""convolutions": [{"kernel": 3, "channels": 2}], "hidden": [4]"#
        let inStudent = try problem(#""student": {\#(layers), "initialization": \#(given)}"#)
        let inProblem = try problem(#""student": {\#(layers)}, "initialization": \#(given)"#)
        #expect(inStudent == inProblem)
        #expect(
            inStudent.settings("student").settings("initialization").numbers("deviations") == [
                0.05, 0.04, 0.0052083333,
            ])
        // Biases may be left out.
        _ = try problem(#""student": {"hidden": [4], "initialization": {"deviations": [1, 0]}}"#)
        _ = try problem(
            #""student": {"random": {"layers": [1, 1], "units": [2, 3]}, "initialization": {"deviations": [1, 0]}}"#)
        let residual = (0..<11).map { _ in "0.1" }.joined(separator: ", ")
        _ = try problem(
            #""student": {"residual": {"layers": 8}, "initialization": {"deviations": [\#(residual)]}}"#)
    }

    @Test func refusesListsOfAnotherLength() {
        let allowed = "one for each layer that has weights, 2 in all"
        for (fields, place) in [
            (#""student": {"hidden": [4], "initialization": \#(given)}"#, "problem.student.initialization"),
            (#""student": {"hidden": [4]}, "initialization": \#(given)"#, "problem.initialization"),
        ] {
            #expect(
                faultsOf(fields)
                    == ["deviations", "biases"].map {
                        "spec.json: \(place).\($0): found 3 numbers; allowed: \(allowed)"
                    })
        }
        #expect(
            faultsOf(#""student": {"hidden": [4], "initialization": {"deviations": [1, 2], "biases": [1]}}"#) == [
                "spec.json: problem.student.initialization.biases: found 1 number; allowed: \(allowed)"
            ])
        #expect(
            faultsOf(#""student": {"random": {"layers": [0, 1], "units": [1, 2]}, "initialization": \#(given)}"#) == [
                #"spec.json: problem.student.initialization: found deviations of single layers for a number of layers that trials draw; allowed: "paper" or "glorot""#
            ])
    }

    @Test func refusesOtherInitializations() {
        #expect(
            faultsOf(#""student": {"initialization": "he"}"#) == [
                #"spec.json: problem.student.initialization: found "he"; allowed: "paper" or "glorot""#
            ])
        #expect(faultsOf(#""student": {"initialization": {"deviations": [-1, 1]}}"#).count == 1)
        #expect(faultsOf(#""student": {"initialization": {"biases": [1, 1]}}"#).count == 1)
        #expect(faultsOf(#""student": {"initialization": 3}"#).count == 1)
        let twice = faultsOf(
            #""student": {"hidden": [2], "initialization": "paper"}, "initialization": {"deviations": [1, 1]}"#)
        #expect(twice.count == 1 && twice[0].contains("which problem.student.initialization says"))
    }
}
