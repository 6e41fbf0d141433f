import Datasets
import ExperimentSpec
import Formats
import Foundation
import MetaTraining
import Optimizers
import Problems

/// Makes things of what specs say of them.
extension Registry {
    /// A hand-designed optimizer.
    ///
    /// - Parameters:
    ///   - schedule: how its learning rate changes, where its settings don't say.
    ///   - steps: over how many steps.
    public func optimizer(
        _ spec: UpdateRuleSpec, schedule: LearningRateSchedule = .constant, steps: Int = 1
    ) -> any Optimizer {
        guard let rule = updateRules.first(where: { $0.kind.name == spec.kind }) else {
            preconditionFailure("the spec was read with another registry, which has the optimizer \(spec.kind)")
        }
        return rule.optimizer(spec.settings, schedule: schedule, steps: steps)
    }

    /// A learned optimizer, or several side by side, whose weights are kept apart.
    public func optimizers(_ spec: LearnedOptimizerSpec) -> ParameterGroups {
        guard let groups = spec.groups else { return ParameterGroups(optimizer(spec.settings)) }
        return ParameterGroups(
            groups.map { ParameterGroups.Group(NamePattern($0.match), optimizer($0.optimizer)) })
    }

    /// A learned optimizer or a hand-designed one, by its kind.
    private func optimizer(_ settings: Settings) -> any Optimizer {
        let name = settings.text("kind")
        guard let learned = learnedOptimizers.first(where: { $0.kind.name == name }) else {
            return optimizer(UpdateRuleSpec(settings))
        }
        return learned.make(settings)
    }

    /// How the gradient of a meta-training's meta-loss is found.
    public func estimation(_ spec: MetaTrainingSpec) -> MetaGradientEstimation {
        guard let settings = spec.estimator else {
            let usual: EstimatorKind = optimizers(spec.optimizer).solving == nil ? estimators[0] : .solutions
            return usual.make(Settings([:]), spec, self)
        }
        let name = settings.text("kind")
        guard let estimator = estimators.first(where: { $0.name == name }) else {
            preconditionFailure("the spec was read with another registry, which has the estimator \(name)")
        }
        return estimator.make(settings, spec, self)
    }

    /// The datasets that a problem needs.
    public func datasets(of spec: ProblemSpec) -> [DatasetSpec] { datasets(spec.kind, spec.settings) }

    private func datasets(_ kind: String, _ settings: Settings) -> [DatasetSpec] {
        let problem = problem(kind)
        let parts = problem.parts?(settings) ?? []
        return problem.datasets(settings) + parts.flatMap { datasets($0.text("kind"), $0) }
    }

    /// What reads files of one's own; nil for a dataset that a library finds by its name.
    ///
    /// - Parameters:
    ///   - spec: with a path that is absolute.
    ///   - name: what it is called: its path as the spec has it.
    package func source(of spec: DatasetSpec, called name: String) -> (any DatasetSource)? {
        guard let kind = spec.kind else { return nil }
        guard let form = datasetKinds.first(where: { $0.kind.name == kind }) else {
            preconditionFailure("the spec was read with another registry, which has the form \(kind)")
        }
        return form.source(spec.settings, URL(fileURLWithPath: spec.name), name)
    }

    /// What trials draw their problems from.
    ///
    /// - Parameter dataset: one of those that the problem needs.
    public func family(of spec: ProblemSpec, dataset: @escaping (DatasetSpec) -> Dataset) -> any ProblemFamily {
        family(spec.kind, spec.settings, dataset)
    }

    private func family(
        _ kind: String, _ settings: Settings, _ dataset: @escaping (DatasetSpec) -> Dataset
    ) -> any ProblemFamily {
        problem(kind).make(
            settings, .init(dataset: dataset, part: { family($0.text("kind"), $0, dataset) }))
    }

    private func problem(_ name: String) -> ProblemKind {
        guard let problem = problems.first(where: { $0.name == name }) else {
            preconditionFailure("the spec was read with another registry, which has the problem \(name)")
        }
        return problem
    }
}
