import Datasets
import Formats
import Nouns

/// A problem as specs name it: its format, and how it is made of settings.
///
/// It is written beside the problem, in one file, and one line in `Registry.standard` names it:
///
///     extension ProblemKind {
///         public static let bowl = ProblemKind(
///             "bowl", "The sum of squares.",
///             fields: [Field("dimensions", .number(.whole(1...10_000)), default: 2, "How many coordinates there are.")]
///         ) { settings in Problem(Bowl(dimensions: settings.integer("dimensions"))) }
///     }
public struct ProblemKind: Sendable {
    /// What else a registry names, for formats that depend on it.
    public struct Names: Sendable {
        /// All datasets.
        public let datasets: [String]
        /// The forms that files of one's own may have.
        public let dataKinds: [Kind]
        /// The problems that others can be made of: all that are not made of others themselves.
        public let problems: [Kind]

        public init(datasets: [String], dataKinds: [Kind] = [], problems: [Kind]) {
            self.datasets = datasets
            self.dataKinds = dataKinds
            self.problems = problems
        }
    }

    /// What a problem is made with, beside its settings.
    public struct Surroundings {
        /// A dataset that the kind said it needs.
        public let dataset: (DatasetSpec) -> Dataset
        /// A problem that it is made of, by that one's settings.
        public let part: (Settings) -> any ProblemFamily

        public init(dataset: @escaping (DatasetSpec) -> Dataset, part: @escaping (Settings) -> any ProblemFamily) {
            self.dataset = dataset
            self.part = part
        }
    }

    public let name: String
    /// Name, sentence and fields, where a registry has these other names.
    public let format: @Sendable (Names) -> Kind
    /// The datasets that it needs.
    public let datasets: @Sendable (Settings) -> [DatasetSpec]
    /// The settings of the problems that it is made of; nil for a kind that is made of none.
    public let parts: (@Sendable (Settings) -> [Settings])?
    /// What trials draw their problems from.
    public let make: @Sendable (Settings, Surroundings) -> any ProblemFamily

    /// A problem that needs nothing but its settings, the same for every trial up to what it draws within.
    ///
    /// - Parameters:
    ///   - name: what specs call it.
    ///   - summary: one sentence.
    ///   - check: finds what is wrong between settings that are each right by themselves.
    ///   - make: the problem of settings, all of which are there.
    public init(
        _ name: String, _ summary: String, fields: [Field] = [],
        check: @escaping @Sendable (CheckedObject) -> [Slip] = { _ in [] },
        make: @escaping @Sendable (Settings) -> Problem
    ) {
        self.init(name, summary, fields: { _ in fields }, check: check) { settings, _ in FixedProblem(make(settings)) }
    }

    /// A problem that needs data, is made of others, or is drawn by each trial.
    ///
    /// - Parameters:
    ///   - fields: what it is set by, where a registry has these other names.
    ///   - datasets: what it needs.
    ///   - parts: the settings of the problems that it is made of.
    ///   - make: what trials draw their problems from, by settings, all of which are there.
    public init(
        _ name: String, _ summary: String, fields: @escaping @Sendable (Names) -> [Field],
        check: @escaping @Sendable (CheckedObject) -> [Slip] = { _ in [] },
        datasets: @escaping @Sendable (Settings) -> [DatasetSpec] = { _ in [] },
        parts: (@Sendable (Settings) -> [Settings])? = nil,
        make: @escaping @Sendable (Settings, Surroundings) -> any ProblemFamily
    ) {
        self.name = name
        format = { Kind(name, summary, fields: fields($0), check: check) }
        self.datasets = datasets
        self.parts = parts
        self.make = make
    }
}

extension Field {
    /// How many examples, or problems side by side, a step has.
    static let batchSize = Field("batchSize", .number(.count), default: 128, "Examples a step.")

    /// How many coordinates a function has.
    static func dimensions(_ value: Int, _ summary: String) -> Field {
        Field("dimensions", .number(.whole(1...10_000)), default: .integer(value), summary)
    }
}
