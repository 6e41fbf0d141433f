import JournalStore
import Wording

extension Comparison {
    /// Sees to it that there are groups to show.
    ///
    /// - Throws: ``JournalError`` where on no problem students differ in this property, with what they are and what is
    ///   possible instead.
    public func requireGroups(by property: ArchitectureProperty) throws {
        guard !problems.isEmpty, problems.allSatisfy({ $0.grouping(by: property) == nil }) else { return }
        let reasons = problems.map { "on \($0.name) \($0.reasonForNoGroups(by: property))" }
        let others = ArchitectureProperty.allCases.filter { other in
            problems.contains { $0.grouping(by: other) != nil }
        }
        let possible = others.map { "--by \($0.rawValue) or " }.joined()
        throw JournalError(
            .usage,
            "\(experiment) has no groups by \(property.rawValue): \(reasons.joined(separator: "; ")). Use "
                + "\(possible)no --by, or a spec that draws its students, such as "
                + #""student": {"random": {"layers": [1, 10], "units": [1, 128]}}"#)
    }
}

extension ProblemComparison {
    /// The groups by this property; nil where students do not differ in it.
    public func grouping(by property: ArchitectureProperty) -> ArchitectureGrouping? {
        groupings.first { $0.property == property }
    }

    /// Why there are none, to go on after the problem's name: `all students are 784-20-10`.
    public func reasonForNoGroups(by property: ArchitectureProperty) -> String {
        guard let student = students.first else { return "there is no student, or more than one at a time" }
        if students.allSatisfy({ $0 == student }) { return "all students are \(student.layers)" }
        let value = property.value(of: student)
        return switch property {
        case .depth: "all students have \(counted(value, "hidden layer"))"
        case .weights: "all students have \(counted(value, "weight"))"
        }
    }
}
