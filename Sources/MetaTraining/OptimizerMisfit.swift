import Optimizers
import Problems

extension ParameterGroups {
    /// Why the optimizers cannot work on a problem, in words; nil where they can.
    public func misfit(with problem: any Problem) -> String? {
        misfit(
            names: problem.parameters.map(\.name), told: problem.localFeatures,
            whoTells: "this problem cannot tell: fully connected students can")
    }

    /// Why the optimizers cannot work on the meta-parameters of a learned one; nil where they can.
    public func misfit(withMetaParametersOf learned: ParameterGroups) -> String? {
        misfit(
            names: learned.metaParameters.map(\.name), told: MetaOptimizer.told,
            whoTells: "meta-training cannot tell: it knows of value, gradient and loss")
    }

    private func misfit(names: [String], told: [LocalFeature], whoTells: String) -> String? {
        if let name = names.first(where: { group(of: $0) == nil }) {
            return
                "no group of metaTraining.parameterGroups matches the parameter \(name); a last one whose \"match\" is \"*\" "
                + "takes all that are left. The problem's parameters are " + names.joined(separator: ", ")
        }
        let untold = groups.map(\.optimizer).flatMap { optimizer in
            optimizer.localInputs.filter { input in
                !told.contains {
                    $0.rawValue == input.name && $0.rows(ofExamples: optimizer.looksAtExamples) == input.rows
                }
            }
        }.first
        return untold.map { "the optimizer looks at the \($0.name) of each parameter, which \(whoTells)" }
    }
}
