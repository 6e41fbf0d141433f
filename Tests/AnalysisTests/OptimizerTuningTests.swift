import JournalStore
import Testing

@testable import Analysis

struct OptimizerTuningTests {
    private func tuning(_ losses: KeyValuePairs<String, Double>, chosen: Int) -> OptimizerTuning? {
        let choices = losses.enumerated().map { index, candidate in
            TuningChoice(
                problem: "p", optimizer: "sgd", candidate: candidate.key, meanFinalLoss: candidate.value, trials: 5,
                chosen: index == chosen)
        }
        return OptimizerTuning(choices) { _ in 0 }
    }

    private func rates(_ rates: [String], chosen: Int) throws -> TunedSetting {
        let choices = rates.enumerated().map { index, rate in
            TuningChoice(
                problem: "p", optimizer: "sgd", candidate: #"{"kind":"sgd","learningRate":\#(rate)}"#, meanFinalLoss: 1,
                trials: 5, chosen: index == chosen)
        }
        return try #require(OptimizerTuning(choices) { _ in 0 }).settings[0]
    }

    @Test(arguments: [(0, TunedSetting.Edge.largest), (1, nil), (2, .smallest)])
    func theEndsOfAGridAreEdges(chosen: Int, edge: TunedSetting.Edge?) throws {
        let setting = try rates(["0.001", "0.0003", "0.0001"], chosen: chosen)
        #expect(setting.candidates == ["0.001", "0.0003", "0.0001"])
        #expect(setting.edge == edge)
    }

    @Test func oneValueIsNoGrid() {
        #expect(tuning([#"{"kind":"sgd","learningRate":1}"#: 1], chosen: 0) == nil)
        #expect(TunedSetting(name: "learningRate", value: "1", candidates: ["1"]).edge == nil)
        #expect(TunedSetting(name: "schedule", value: "cosine", candidates: ["cosine", "constant"]).edge == nil)
    }

    /// Two tuned settings: each has its grid, and each candidate both values.
    @Test func severalSettingsHaveAGridEach() throws {
        let both = try #require(
            tuning(
                [
                    #"{"learningRate":0.1,"momentum":0.5}"#: 1, #"{"learningRate":0.1,"momentum":0.9}"#: 2,
                    #"{"learningRate":0.01,"momentum":0.5}"#: 3, #"{"learningRate":0.01,"momentum":0.9}"#: 4,
                ], chosen: 1))
        #expect(both.settings.map(\.name) == ["learningRate", "momentum"])
        #expect(both.settings.map(\.candidates) == [["0.1", "0.01"], ["0.5", "0.9"]])
        #expect(both.candidates.map(\.values).last == ["0.01", "0.9"])
        #expect(!both.allDiverged)
    }

    @Test func aChoiceAmongDivergedOnesIsNone() throws {
        let lost = try #require(
            tuning([#"{"learningRate":10}"#: .infinity, #"{"learningRate":100}"#: .nan], chosen: 0))
        #expect(lost.allDiverged)
    }
}
