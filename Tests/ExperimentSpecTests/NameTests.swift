import Nouns
import Testing
import TrialKinds

@testable import ExperimentSpec

@Suite struct NameTests {
    private func spec(named name: String) throws -> ExperimentSpec {
        try ExperimentSpec(small.replacing(#""small""#, with: "\"\(name)\""), file: "spec.json", vocabulary: .standard)
    }

    @Test func oneNameInTwoSpellingsIsOneExperiment() throws {
        let (composed, decomposed) = (try spec(named: "caf\u{E9}"), try spec(named: "cafe\u{301}"))
        #expect(composed.hash == decomposed.hash)
        #expect(Array(composed.name.utf8) == Array(decomposed.name.utf8))
    }

    /// A right-to-left override and its like make names look as others.
    @Test(arguments: ["a\u{202E}b", "a\u{2066}b", "a\u{200F}b", "a\u{2028}b", "a\u{85}b", "\u{FEFF}a"])
    func hiddenCharactersAreRefused(name: String) {
        #expect(throws: SpecError.self) { try spec(named: name) }
        let labelled = faults(small, "evaluation.optimizers[0].name=\"\(name)\"")
        #expect(labelled.count == 1 && labelled[0].contains("without hidden characters"))
    }

    @Test(arguments: ["name", "evaluation.optimizers[0].name"]) func aNumberForANameSaysHowToQuote(path: String) {
        let found = faults(small, "\(path)=2024")
        #expect(found.count == 1 && found[0].hasSuffix(#"quoted it is a text: --set '\#(path)="2024"'"#), "\(found)")
        #expect(faults(small, "\(path)=\"2024\"").isEmpty)
    }

    @Test func whatIsKeptIsWhatWasRun() throws {
        let changed = try ExperimentSpec(
            small, file: "spec.json", vocabulary: .standard, overrides: [SpecOverride(parsing: "evaluation.repeats=7")])
        let again = try ExperimentSpec(changed.indentedText, file: "again.json", vocabulary: .standard)
        #expect(again == changed)
        #expect(try again.hash != ExperimentSpec(small, file: "spec.json", vocabulary: .standard).hash)
    }

    @Test func differencesAreNamedByTheirPaths() throws {
        func value(_ text: String) throws -> JSONValue { try #require(JSONValue(parsing: text)) }
        let old = try value(#"{"a": {"b": 1, "c": [1, 2], "e": [1]}, "d": "x"}"#)
        let new = try value(#"{"a": {"b": 2, "c": [1, 3], "e": [1, 2]}, "f": true}"#)
        #expect(
            new.differences(from: old).map(\.description) == [
                "a.b 2 (1)", "a.c[1] 3 (2)", "a.e [1,2] ([1])", "d not given (\"x\")", "f true (not given)",
            ])
        #expect(new.differences(from: new).isEmpty)
    }

    @Test(arguments: [
        ("metaTraining.epochs=1000000000", "metaTraining.evaluation.epochs=1000000000"),
        ("metaTraining.epochs=1000000000", "metaTraining.steps=1000000000"),
        ("metaTraining.epochs=1000000000", #"metaTraining.estimator={"kind": "evolutionStrategies", "pairs": 10000}"#),
    ])
    func productsOfCountsAreBounded(first: String, second: String) {
        let found = faults(small, first, second, "metaTraining.unrollLength=1")
        #expect(found.count == 1 && found[0].contains("at most 1000000000000000 in all"), "\(found)")
    }
}
