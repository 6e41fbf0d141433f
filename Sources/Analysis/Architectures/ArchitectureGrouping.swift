/// The trials of a problem, parted by what their students' architectures are like.
public struct ArchitectureGrouping: Sendable, Equatable {
    /// What the students are grouped by.
    public let property: ArchitectureProperty
    /// The groups, the smallest students first; at least two.
    public let groups: [ArchitectureGroup]

    /// Groups trials; nil where all students are the same in this property, or there are none.
    init?(
        by property: ArchitectureProperty, problem: String, outcomes: [ComparedTrial], criteria: ComparisonCriteria
    ) {
        let students = outcomes.students
        let ranges = property.ranges(of: students.map(property.value))
        guard ranges.count > 1 else { return nil }
        self.property = property
        groups = ranges.map { range in
            let members = outcomes.filter { outcome in
                outcome.architecture.map { range.contains(property.value(of: $0)) } ?? false
            }
            return ArchitectureGroup(
                property: property, range: range, students: members.students,
                comparison: ProblemComparison(name: problem, outcomes: members, criteria: criteria))
        }
    }
}

/// The trials on students that are alike in depth or in number of weights.
public struct ArchitectureGroup: Sendable, Equatable {
    /// What the students are alike in.
    public let property: ArchitectureProperty
    /// The depths or numbers of weights that belong to the group.
    public let range: Range<Int>
    /// The group's students, one a seed.
    public let students: [StudentArchitecture]
    /// The optimizers side by side on these students alone.
    ///
    /// The p-values of the group's pairs are one family for Holm's correction. It knows no tuned settings.
    public let comparison: ProblemComparison
}

extension Sequence where Element == ComparedTrial {
    /// The student of each seed, in order of the seeds; optimizers have the same one on the same seed of a problem.
    var students: [StudentArchitecture] {
        let drawn = lazy.filter { $0.architecture != nil }
        let bySeed = drawn.reduce(into: [TrialPlace: StudentArchitecture]()) { $0[TrialPlace($1)] = $1.architecture }
        return bySeed.sorted { $0.key < $1.key }.map(\.value)
    }
}
