import Nouns
import Testing

@testable import ExperimentSpec

/// Schedules of learning rates, as evaluations name them.
@Suite struct ScheduleTests {
    private func candidates(_ rule: String) throws -> [JSONValue] {
        try spec(small, "evaluation.optimizers=[\(rule)]", "evaluation.steps=100").candidates
            .map { $0["schedule"] ?? .null }
    }

    @Test func aNameAndAnObjectOfTheNameAloneAreOne() throws {
        #expect(try candidates(#"{"kind": "adam", "schedule": "cosine"}"#) == ["cosine"])
        #expect(try candidates(#"{"kind": "adam", "schedule": {"kind": "cosine", "warmup": 0}}"#) == ["cosine"])
        #expect(
            try candidates(#"{"kind": "adam", "schedule": {"kind": "linear", "warmup": 10}}"#)
                == [["kind": "linear", "warmup": 10]])
    }

    /// Specs that were written before there were schedules keep their hashes.
    @Test func constantIsWhatHoldsWithoutOne() throws {
        let without = try spec(small).hash
        for constant in [#""constant""#, #"{"kind": "constant"}"#] {
            #expect(try spec(small, "evaluation.optimizers.0.schedule=\(constant)").hash == without)
        }
    }

    @Test func severalAreTuned() throws {
        let rule = """
            {"kind": "adam", "learningRate": {"tune": [0.1, 0.01]},
             "schedule": {"tune": ["constant", "stableDecay", {"kind": "step", "at": [60, 80], "factor": 0.5}]}}
            """
        let step: JSONValue = ["kind": "step", "at": [60, 80], "factor": 0.5]
        #expect(try candidates(rule) == ["constant", "stableDecay", step, "constant", "stableDecay", step])
    }

    @Test func everyRuleHasThem() throws {
        for kind in Vocabulary.standard.updateRules.map(\.name) {
            #expect(try candidates(#"{"kind": "\#(kind)", "schedule": "linear"}"#) == ["linear"])
        }
    }

    @Test func overridesReachIntoThem() throws {
        #expect(
            try spec(
                small, #"evaluation.optimizers.0.schedule="linear""#, "evaluation.optimizers.0.schedule.warmup=3"
            ).canonicalText
                == spec(
                    small, #"evaluation.optimizers.0.schedule={"kind": "linear", "warmup": 3}"#
                ).canonicalText)
    }

    @Test(arguments: [
        (#""cosin""#, "evaluation.optimizers[0].schedule: found \"cosin\"", "did you mean \"cosine\"?"),
        (#"{"kind": "step"}"#, "evaluation.optimizers[0].schedule.at: found nothing", "a list of at least one"),
        (#"{"kind": "step", "at": [5, 5]}"#, "schedule.at[1]: found 5", "more than 5, which comes before it"),
        (#"{"kind": "linear", "to": 0}"#, "schedule.to: found an unknown key", "kind and warmup"),
        (
            #"{"kind": "linear", "warmup": 100}"#, "schedule.warmup: found 100",
            "less than evaluation.steps, which is 100"
        ),
        (
            #"{"tune": ["linear", {"kind": "linear", "warmup": 200}]}"#, "schedule.tune[1].warmup: found 200",
            "less than evaluation.steps, which is 100"
        ),
        (#"{"tune": []}"#, "schedule.tune: found an empty list", "a list of at least one"),
        ("3", "evaluation.optimizers[0].schedule: found 3", #"or {"tune": [...]} with a list of such"#),
    ])
    func faultsAreTold(_ schedule: String, _ found: String, _ allowed: String) throws {
        do {
            _ = try spec(small, "evaluation.optimizers.0.schedule=\(schedule)")
            Issue.record("\(schedule) was taken")
        } catch let error as SpecError {
            let text = error.faults.map(\.description).joined(separator: "\n")
            #expect(error.faults.count == 1 && text.contains(found) && text.contains(allowed), "\(text)")
        }
    }
}
