import Testing
@testable import ExperimentSpec
@Test func scratch() throws {
    let lists: [[String]] = [
        faults("[1]"),
        faults("{}"),
        faults(fields: #""problem": {"kind": "quadratic"}"#),
        faults(problem: #""kind": "clasification", "dataset": "minst", "batchsize": 0"#),
        faults(problem: #""kind": "x", "dataset": "minst", "batchsize": 0, "foo": 1"#),
        faults(problem: #""kind": "classification", "dataset": {"nam": "mnist"}, "student": {"hidden": [20, 0.5], "random": {"layers": [10, 1], "units": [0, 4]}}"#),
        faults(problem: #""kind": "classification", "dataset": 5, "student": {"hidden": [], "activation": "relo"}, "initialization": "x""#),
        faults(problem: #""kind": "classification", "dataset": "mnist", "student": {"initialization": "glorot"}, "initialization": "paper""#),
        faults(evaluation: #""optimizers": []"#),
        faults(evaluation: #""repeats": 0"#),
        faults(evaluation: #""optimizers": [{"kind": "sgd", "learningRate": "fast"}, {"kind": "adam", "beta1": 1, "learningRate": {"tune": []}}, {"kind": "stored"}, {"kind":"trained"}, {"learningRate": 1}, 5]"#),
        faults(evaluation: #""optimizers": [{"kind": "sgd"}, {"kind": "sgd"}], "problems": [{}, {"dimensions": 10}, {"name": "a", "batchSize": -1}, {"name": "a"}, {"dimension": 4}]"#),
        faults(example, "metaTraining.unrollLength=30", "metaTraining.steps=90", "sweep={}"),
        faults(example, "metaTraining.unrollLenght=30", "evaluation.optimizers.5.kind=sgd", "evaluation.optimizers.kind=sgd", "name=a@b", "metaTraining.epochs.x=1", "sweep=5"),
        faults(example, "metaTraining.steps=0"),
        faults(example, #"sweep={"metaTraining.unrollLength":[5,30,0],"metaTraining.epocks":[1], "name": ["x"], "problem.batchSize": [], "evaluation.optimizers.1.learningRate": [0, {"tune": [1]}]}"#),
        faults(example, #"sweep={"problem.student":[{"hidden":[1]},{"hiden":[1]}]}"#),
        faults(example, #"sweep={"metaTraining.unrollLength":[5,30]}"#),
        faults(example, "evaluation.repeats=1000000", "seed=99999999999"),
        faults(example, "evaluation.repeats=100000", "evaluation.tuning.repeats=100000"),
        faults(example, "problem.kind=quadratic"),
        faults(example, "metaTraining=null"),
        faults(example, "evaluation.steps=1.5", "evaluation.snapshotEvery=0", "precision=half", "metaTraining.secondDerivatives=yes"),
    ]
    for list in lists { print("----"); for line in list { print(line) } }
    print(try spec(example, "evaluation.repeats=1", "evaluation.tuning.repeats=1").expanded().listing)
    print(try spec(small, "problem.batchSize=3").expanded().trials[0].content)
}
