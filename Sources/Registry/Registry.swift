import Datasets
import ExperimentSpec
import Formats
import MetaTraining
import Nouns
import Optimizers
import Problems

/// All that specs may name, each by one adapter that has its format and knows how it is made of settings.
///
/// ``standard`` is the program's own list. Whoever brings something of their own adds it, and hands the list on to
/// where specs are read (with the ``vocabulary``, completed by the kinds of trials) and run:
///
///     var registry = Registry.standard
///     registry.add(.signDescent)
///     registry.add(.curvedValley)
///
/// Within a list, names are in the order in which messages, schema and reference page have them.
public struct Registry: Sendable {
    private(set) var problems: [ProblemKind]
    private(set) var updateRules: [UpdateRuleKind]
    /// The first is the default.
    private(set) var learnedOptimizers: [LearnedOptimizerKind]
    /// The first is the default.
    private(set) var estimators: [EstimatorKind]
    /// Where data come from, for a library to find them by their names.
    public private(set) var datasets: [any DatasetSource]
    /// The forms that files of one's own may have.
    private(set) var datasetKinds: [DatasetKind]

    /// What the program knows.
    public static let standard = Registry(
        problems: [
            .classification, .cifar, .simple, .simpleMulti, .quadratic, .lasso, .rastrigin, .square, .ensemble,
        ],
        updateRules: [
            .gradientDescent, .momentum, .nesterov, .adagrad, .rootMeanSquarePropagation, .adam, .adamW, .deltaRule,
            .nesterovAdam, .lion, .resilientPropagation, .scheduleFreeGradientDescent, .scheduleFreeAdamW, .hessianFree,
            .kfac, .muon, .shampoo, .rotatedAdam, .limitedMemoryBFGS,
        ],
        learnedOptimizers: [
            .recurrent, .kernelRecurrent, .tensorRecurrent, .relativeGradient, .perceptron, .factoredPerceptron,
            .normalizedPerceptron, .nominal, .normalized, .teacher, .learnedHessianFree,
        ],
        estimators: [
            .truncatedBackpropagation, .evolutionStrategies, .persistentEvolutionStrategies,
            .singleEvolutionStrategies, .combined, .imitation, .solutions,
        ],
        datasets: [
            IDXDataset.mnist, IDXDataset.fashionMNIST, CIFAR.ten, CIFAR.hundred, CIFAR.hundredCoarse, SyntheticDigits(),
        ],
        datasetKinds: [.files, .folder, .csv])

    /// Adds a problem.
    ///
    /// - Precondition: no problem is called so yet.
    public mutating func add(_ problem: ProblemKind) {
        precondition(!problems.contains { $0.name == problem.name }, "there is a problem \(problem.name) already")
        problems.append(problem)
    }

    /// Adds a hand-designed optimizer.
    ///
    /// - Precondition: no optimizer is called so yet.
    public mutating func add(_ rule: UpdateRuleKind) {
        precondition(isFree(rule.kind.name), "there is an optimizer called \(rule.kind.name) already")
        updateRules.append(rule)
    }

    /// Adds a learned optimizer.
    ///
    /// - Precondition: no optimizer is called so yet.
    public mutating func add(_ optimizer: LearnedOptimizerKind) {
        precondition(isFree(optimizer.kind.name), "there is an optimizer called \(optimizer.kind.name) already")
        learnedOptimizers.append(optimizer)
    }

    /// Adds an estimator of meta-gradients.
    ///
    /// - Precondition: no estimator is called so yet.
    public mutating func add(_ estimator: EstimatorKind) {
        precondition(
            !estimators.contains { $0.name == estimator.name }, "there is an estimator \(estimator.name) already")
        estimators.append(estimator)
    }

    /// Adds a dataset.
    ///
    /// - Precondition: no dataset is called so yet.
    public mutating func add(_ dataset: any DatasetSource) {
        precondition(!datasets.contains { $0.name == dataset.name }, "there is a dataset \(dataset.name) already")
        datasets.append(dataset)
    }

    /// Adds a form that files of one's own may have.
    ///
    /// - Precondition: no form is called so yet.
    public mutating func add(_ form: DatasetKind) {
        precondition(
            !datasetKinds.contains { $0.kind.name == form.kind.name }, "there is a form \(form.kind.name) already")
        datasetKinds.append(form)
    }

    private func isFree(_ optimizer: String) -> Bool {
        !(updateRules.map(\.kind) + learnedOptimizers.map(\.kind)).contains { $0.name == optimizer }
    }

    /// What specs may name, for whoever reads them; all but kinds of trials.
    public var vocabulary: Vocabulary {
        let names = datasets.map(\.name)
        let dataKinds = datasetKinds.map(\.kind)
        let parts = problems.filter { $0.parts == nil }.map {
            $0.format(.init(datasets: names, dataKinds: dataKinds, problems: []))
        }
        let guides = updateRules.filter(\.isCoordinatewise).map(\.kind)
        return Vocabulary(
            problems: problems.map { $0.format(.init(datasets: names, dataKinds: dataKinds, problems: parts)) },
            updateRules: updateRules.map(\.kind),
            learnedOptimizers: learnedOptimizers.map(\.kind), estimators: estimators.map { $0.format(guides) },
            usualMetaOptimizer: UpdateRuleKind.adam.kind.name, learningRateDecay: LearningRateDecay.format,
            schedule: LearningRateSchedule.format)
    }
}
