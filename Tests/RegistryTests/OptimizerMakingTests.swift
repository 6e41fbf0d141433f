import ExperimentSpec
import MetaTraining
import Optimizers
import Registry
import Testing

/// What the optimizers are that specs name.
@Suite struct OptimizerMakingTests {
    /// The optimizer that a spec's meta-training learns.
    private func learned(_ settings: String) throws -> any Optimizer {
        let spec = try LearnedOptimizerSpec(settings, file: "test", vocabulary: Registry.standard.vocabulary)
        return Registry.standard.optimizers(spec).groups[0].optimizer
    }

    @Test(arguments: [
        ("", RecurrentOptimizer()),
        (#", "layers": [], "inputs": {"kind": "identity"}"#, RecurrentOptimizer(layers: [], inputs: .identity)),
        (#", "inputs": {"kind": "logAndSign", "k": 10}"#, RecurrentOptimizer(inputs: .logAndSign(k: 10))),
        (
            #", "lambda": -0.01, "initial": "zeros""#,
            RecurrentOptimizer(feedback: .fixed(-0.01), initialWeights: .zeros)
        ),
        (
            #", "lambda": "learned", "outputScale": 1"#,
            RecurrentOptimizer(outputScale: 1, feedback: .learned)
        ),
    ])
    func recurrent(settings: String, expected: RecurrentOptimizer) throws {
        #expect(try learned(#"{"kind": "lstm"\#(settings)}"#) as? RecurrentOptimizer == expected)
    }

    @Test func recurrentOnWholeTensors() throws {
        func columns(_ settings: String) throws -> ColumnRecurrentOptimizer? {
            try learned(settings) as? ColumnRecurrentOptimizer
        }
        #expect(
            try columns(#"{"kind": "lstm", "averagingCells": 5}"#)
                == ColumnRecurrentOptimizer(RecurrentNetwork(averagingCells: 5), .coordinates))
        #expect(
            try columns(#"{"kind": "kernelLstm", "kernel": [3, 5], "lambda": "learned"}"#)
                == ColumnRecurrentOptimizer(RecurrentNetwork(feedback: .learned), .kernels(height: 3, width: 5)))
        #expect(
            try columns(#"{"kind": "tensorLstm", "elements": 10, "layers": [4]}"#)
                == ColumnRecurrentOptimizer(RecurrentNetwork(layers: [4]), .tensors(elements: 10)))
    }

    @Test func learnedOptimizersHaveTheirPapersDefaults() throws {
        #expect(try learned(#"{"kind": "rnnprop"}"#) as? RelativeGradientOptimizer == RelativeGradientOptimizer())
        #expect(try learned(#"{"kind": "mlp"}"#) as? PerceptronOptimizer == PerceptronOptimizer())
    }

    @Test func teachersLookAtWhatTheyAreToldTo() throws {
        let teacher = try #require(
            try learned(#"{"kind": "teacher", "inputs": ["value", "loss", "gradient"], "perSample": true}"#)
                as? TeacherOptimizer)
        #expect(teacher.localInputs == [LocalInput("loss", rows: 1)])
        #expect(teacher.looksAtValue && teacher.looksAtGradient && teacher.looksAtExamples)
        #expect(teacher.output == .delta && teacher.hidden == [128, 128, 128])
    }

    @Test func rulesHaveTheirSettings() throws {
        func rule(_ settings: String) throws -> any Optimizer {
            let text = """
                {"kind": "parameterGroups", "parameterGroups": [
                    {"match": "a", "optimizer": \(settings)}, {"match": "*", "optimizer": {"kind": "mlp"}}]}
                """
            let spec = try LearnedOptimizerSpec(text, file: "test", vocabulary: Registry.standard.vocabulary)
            return Registry.standard.optimizers(spec).groups[0].optimizer
        }
        let adam = try #require(try rule(#"{"kind": "adam", "beta1": 0.5, "epsilon": 1e-3}"#) as? Adam)
        #expect([adam.beta1, adam.beta2, adam.epsilon, adam.weightDecay] == [0.5, 0.999, 1e-3, 0])
        #expect(adam.learningRate == 0.001)
        #expect((try rule(#"{"kind": "adamw", "weightDecay": 0.25}"#) as? Adam)?.weightDecay == 0.25)
        #expect((try rule(#"{"kind": "momentum"}"#) as? Momentum)?.isNesterov == false)
        #expect((try rule(#"{"kind": "nesterov", "momentum": 0.5}"#) as? Momentum)?.isNesterov == true)
        #expect((try rule(#"{"kind": "rmsprop"}"#) as? RootMeanSquarePropagation)?.decay == 0.9)
        #expect((try rule(#"{"kind": "adagrad"}"#) as? Adagrad)?.epsilon == 1e-10)
        #expect((try rule(#"{"kind": "sgd", "learningRate": 2}"#) as? GradientDescent)?.learningRate == 2.0)
        #expect((try rule(#"{"kind": "deltaRule"}"#) as? DeltaRule)?.deviation == 0.2)
    }
}
