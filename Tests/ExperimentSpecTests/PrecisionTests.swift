import Testing
import TrialKinds

@testable import ExperimentSpec

/// Numbers that become 0 or infinite where they are computed with would do nothing, or make everything diverge.
@Suite struct PrecisionTests {
    private func compared(_ optimizer: String, precision: String = "single") -> [String] {
        faults(small, "evaluation.optimizers=[\(optimizer)]", "precision=\(precision)")
    }

    private func trained(_ optimizer: String, precision: String = "single") -> [String] {
        faults(small, "metaTraining.optimizer=\(optimizer)", "precision=\(precision)")
    }

    @Test(arguments: [
        (#"{"kind": "adam", "epsilon": 1e-46}"#, "1e-46, which is 0"),
        (#"{"kind": "sgd", "learningRate": 1e-60}"#, "1e-60, which is 0"),
        (#"{"kind": "sgd", "learningRate": 1e60}"#, "1e+60, which is infinite"),
        (#"{"kind": "sgd", "learningRate": {"tune": [0.1, 1e-60]}}"#, "1e-60, which is 0"),
        (#"{"kind": "adam", "beta2": 0.99999999999}"#, "0.99999999999, which is 1"),
        (#"{"kind": "momentum", "momentum": 0.99999999}"#, "0.99999999, which is 1"),
    ])
    func settingsOfRulesFitThePrecision(optimizer: String, found: String) throws {
        let single = compared(optimizer)
        #expect(single.count == 1 && single[0].contains(found) && single[0].contains("in single precision"))
        #expect(single[0].contains(#""precision": "double" goes further"#))
        #expect(compared(optimizer, precision: "double").isEmpty)
    }

    @Test(arguments: [
        (#"{"kind": "rnnprop", "epsilon": 1e-30}"#, "1e-30, whose square is 0"),
        (#"{"kind": "lstm", "inputs": {"kind": "logAndSign", "k": 100}}"#, "100, whose exponential is infinite"),
        (#"{"kind": "lstm", "outputScale": 1e-45}"#, "1e-45, which is 0"),
    ])
    func settingsOfLearnedOptimizersFitWhatIsComputedWithThem(optimizer: String, found: String) {
        #expect(trained(optimizer).contains { $0.contains(found) })
        #expect(trained(optimizer, precision: "double").isEmpty)
    }

    @Test func doubleHasItsLimitsToo() {
        let found = compared(#"{"kind": "sgd", "learningRate": 1e-320}"#, precision: "double")
        #expect(found.count == 1 && found[0].contains("in double precision"))
    }

    @Test func whatWasUsualStaysAllowed() {
        #expect(compared(#"{"kind": "adagrad", "epsilon": 1e-38}"#).count == 1)
        #expect(compared(#"{"kind": "adam", "epsilon": 1e-30, "beta2": 0.9999999}"#).isEmpty)
        #expect(faults(small, "metaTraining.averaging=0.999999999").isEmpty)
        #expect(
            faults(small, #"problem={"kind": "ensemble", "problems": [{"kind": "simple"}], "weights": [1e60]}"#).count
                == 1)
    }

    /// What a journal keeps was checked with the spec that it is from, whose precision it doesn't tell.
    @Test func aKeptOptimizerIsTakenAsItIs() throws {
        let text = #"{"kind": "rnnprop", "epsilon": 1e-30}"#
        #expect(try LearnedOptimizerSpec(text, file: "kept", vocabulary: .standard).settings.number("epsilon") == 1e-30)
    }

    @Test func aSweepOfPrecisionsIsCheckedAtEachPoint() {
        let found = faults(
            small, #"evaluation.optimizers=[{"kind": "sgd", "learningRate": 1e-60}]"#, "precision=double",
            #"sweep={"precision": ["double", "single"]}"#)
        #expect(found.count == 1 && found[0].contains("where precision is \"single\""))
    }
}
