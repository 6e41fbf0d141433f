import Formats
import Nouns

/// A dataset as specs ask for it.
public struct DatasetSpec: Sendable, Hashable {
    public let settings: Settings

    public init(settings: Settings) {
        self.settings = settings
    }

    public var name: String { settings.text("name") }
    /// The dataset to use where this one is neither in the data folder nor to be fetched.
    public var fallback: String? { settings.text(ifGiven: "fallback") }
    /// The classes that are trained and tested on, the first of which becomes class 0; `nil` for all.
    public var classes: [Int]? { settings.integers(ifGiven: "classes") }
}

extension DatasetSpec {
    /// One dataset, or several to draw from.
    static func format(_ names: [String]) -> Format {
        .oneOrList(
            of: .shorthand(
                key: "name",
                ObjectFormat([
                    Field("name", .choice(names), "The dataset."),
                    Field(
                        "fallback", .choice(names), .optional,
                        "Used when the dataset is neither in the data folder nor to be fetched."),
                    classesField,
                ])))
    }

    /// Andrychowicz et al. 2016, section 3.3: an optimizer trained on some classes is evaluated on the others.
    static let classesField = Field(
        "classes", .distinct(.whole(0...255)), .optional,
        "The classes that are trained and tested on; the first becomes class 0. Left out: all.")

    /// A list of datasets to draw from has each once: twice would draw it twice as often.
    @Sendable static func repeated(_ problem: CheckedObject) -> [Slip] {
        // Another fallback doesn't make it another dataset.
        let datasets = (problem.value["dataset"]?.array ?? []).map { dataset in
            dataset.object?.filter { $0.key != "fallback" }
        }
        return datasets.indices.compactMap { index in
            guard let dataset = datasets[index], let first = datasets[..<index].firstIndex(of: dataset),
                problem.isRight(.key("dataset"), .index(index))
            else { return nil }
            return Slip(
                .key("dataset"), .index(index),
                found: "the same dataset as \(problem.path(of: .key("dataset"), .index(first)))",
                allowed: "datasets that differ in \"name\" or in \"classes\"")
        }
    }
}
