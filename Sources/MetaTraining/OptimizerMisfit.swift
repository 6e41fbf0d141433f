import Optimizers
import Problems

extension ParameterGroups {
    /// Why the optimizers cannot work on a problem, in words; nil where they can.
    public func misfit(with problem: any Problem) -> String? {
        let names = problem.parameters.map(\.name)
        if let name = names.first(where: { group(of: $0) == nil }) {
            return "no group of metaTraining.parameterGroups matches the parameter \(name); a last one whose \"match\" is \"*\" "
                + "takes all that are left. The problem's parameters are " + names.joined(separator: ", ")
        }
        let told = problem.localFeatures
        let untold = groups.flatMap(\.optimizer.localInputs).first { input in
            !told.contains { $0.rawValue == input.name && $0.rows == input.rows }
        }
        return untold.map {
            "the optimizer looks at the \($0.name) of each parameter, which this problem cannot tell: fully connected "
                + "students can"
        }
    }
}
