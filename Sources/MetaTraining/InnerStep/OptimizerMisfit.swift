import Optimizers
import Problems
import TensorEngine

extension ParameterGroups {
    /// Why the optimizers cannot work on a problem, in words; nil where they can.
    public func misfit(with problem: Problem) -> String? {
        if let misfit = misfit(
            parameters: problem.parameters, told: problem.localFeatures,
            whoTells: "this problem cannot tell: fully connected students can")
        {
            return misfit
        }
        let demands = groups.reduce(into: Set()) { $0.formUnion($1.optimizer.demands) }
        if demands.contains(.layerStatistics), problem.objective.layered == nil {
            return
                "the optimizer asks what each layer sees and puts out, and for targets drawn from the model, which this "
                + "problem cannot tell: students with the loss crossEntropy or squaredError can"
        }
        guard demands.contains(.gaussNewtonProduct), !problem.objective.isLossConvex else { return nil }
        return
            "the optimizer asks for products with the Gauss-Newton matrix, which this problem has not: its loss is not "
            + "convex in its outputs, as squared error and cross-entropy are"
    }

    /// Why the optimizers cannot work on the meta-parameters of a learned one; nil where they can.
    public func misfit(withMetaParametersOf learned: ParameterGroups) -> String? {
        misfit(withUpdatesOf: learned.metaParameters, whoTells: "meta-training cannot tell")
    }

    /// Why the optimizers cannot work where value, gradient and loss are all that is known; nil where they can.
    ///
    /// - Parameter whoTells: who knows no more, to end a sentence: `meta-training cannot tell`.
    public func misfit(withUpdatesOf parameters: [Parameter], whoTells: String) -> String? {
        let known = "\(whoTells): it knows of value, gradient and loss"
        if groups.contains(where: { !$0.optimizer.demands.isEmpty }) {
            return "the optimizer asks for the loss elsewhere or for its curvature, which \(known)"
        }
        return misfit(parameters: parameters, told: MetaOptimizer.told, whoTells: known)
    }

    private func misfit(parameters: [Parameter], told: [LocalFeature], whoTells: String) -> String? {
        if let parameter = parameters.first(where: { group(of: $0.name) == nil }) {
            return
                "no group of metaTraining.parameterGroups matches the parameter \(parameter.name); a last one whose "
                + "\"match\" is \"*\" takes all that are left. The problem's parameters are "
                + parameters.map(\.name).joined(separator: ", ")
        }
        let members = Dictionary(grouping: parameters) { group(of: $0.name)! }
        for (index, group) in groups.enumerated() {
            if let misfit = members[index].flatMap({ group.optimizer.misfit(with: $0) }) { return misfit }
        }
        let untold = groups.compactMap(\.optimizer.coordinatewise).flatMap { optimizer in
            optimizer.localInputs.filter { input in
                !told.contains {
                    $0.rawValue == input.name && $0.rows(ofExamples: optimizer.looksAtExamples) == input.rows
                }
            }
        }.first
        return untold.map { "the optimizer looks at the \($0.name) of each parameter, which \(whoTells)" }
    }
}
