import Nouns

/// The trials of a comparison, parted by the value of a recorded field.
///
/// Where trials of one problem differ in the field, each such problem is parted by itself. A field that is the same in
/// all trials of a problem tells problems apart: then the trials of all problems are parted together, and those of one
/// problem and seed are pairs.
public struct FieldGrouping: Sendable, Equatable {
    /// The field, as it was asked for.
    public let field: String
    /// The groups of one problem after another, or of all problems.
    public let parts: [Part]

    /// Groups that stand beside each other.
    public struct Part: Sendable, Equatable {
        /// The problem; nil where the groups are of all problems.
        public let problem: String?
        /// The groups in ascending order of numbers, then other values as they come, then trials without the field.
        public let groups: [FieldGroup]
    }

    /// Whether there are two groups anywhere.
    public var tellsApart: Bool { parts.contains { $0.groups.count > 1 } }

    init(by field: String, outcomes: [ComparedTrial], criteria: ComparisonCriteria) {
        self.field = field
        let problems = outcomes.map(\.problem).uniqued()
        let byProblem = Dictionary(grouping: outcomes, by: \.problem)
        let parted = problems.filter { Set((byProblem[$0] ?? []).map(\.field)).count > 1 }
        if parted.isEmpty {
            parts = [Part(problem: nil, groups: Self.groups(of: outcomes, called: "", criteria))]
        } else {
            parts = parted.map { problem in
                Part(problem: problem, groups: Self.groups(of: byProblem[problem] ?? [], called: problem, criteria))
            }
        }
    }

    private static func groups(
        of outcomes: [ComparedTrial], called name: String, _ criteria: ComparisonCriteria
    ) -> [FieldGroup] {
        FieldGroup.Content.contents(of: outcomes.map(\.field)).compactMap { content in
            let members = outcomes.filter { content.holds($0.field) }
            guard !members.isEmpty else { return nil }
            return FieldGroup(
                content: content, problems: members.map(\.problem).uniqued(),
                seeds: Set(members.map(TrialPlace.init)).count,
                comparison: ProblemComparison(name: name, outcomes: members, criteria: criteria))
        }
    }
}

/// The trials that are alike in a field.
public struct FieldGroup: Sendable, Equatable {
    /// Which values belong to the group.
    public let content: Content
    /// The problems that its trials are on.
    public let problems: [String]
    /// How many problems and seeds it has trials on.
    public let seeds: Int
    /// The optimizers side by side on these trials alone.
    ///
    /// The p-values of the group's pairs are one family for Holm's correction. It knows no tuned settings.
    public let comparison: ProblemComparison

    /// Which values belong to a group.
    public enum Content: Sendable, Equatable {
        /// One value.
        case value(JSONValue)
        /// The numbers from the lower bound to below the upper one.
        case range(Range<Double>)
        /// No value: the trials have no such field.
        case none

        /// What is in the group, as short as it can be.
        public var label: String {
            switch self {
            case .value(let value): value.string ?? value.canonicalText
            case .range(let range): "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
            case .none: "not set"
            }
        }

        func holds(_ value: JSONValue?) -> Bool {
            switch self {
            case .value(let own): value == own
            case .range(let range): value?.double.map(range.contains) ?? false
            case .none: value == nil
            }
        }

        /// What parts these values: each by itself, or ranges of numbers where those are many.
        static func contents(of values: [JSONValue?]) -> [Content] {
            let set = Set(values)
            let known = set.compactMap(\.self)
            let numbers = known.compactMap(\.double)
            let rest: [Content] = set.contains(nil) ? [.none] : []
            if numbers.count == known.count, numbers.count > RoundRanges.mostGroups {
                return RoundRanges.parting(values.compactMap { $0?.double }).map(Content.range) + rest
            }
            let order = known.sorted { one, other in
                (one.double ?? .infinity, one.canonicalText) < (other.double ?? .infinity, other.canonicalText)
            }
            return order.map(Content.value) + rest
        }

        private static func text(_ number: Double) -> String { JSONValue(number).canonicalText }
    }
}
