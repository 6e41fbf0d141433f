import Datasets
import Formats
import Nouns

/// How specs ask for datasets.
extension DatasetSpec {
    /// One dataset, or several to draw from.
    static func format(_ names: ProblemKind.Names) -> Format {
        .oneOrList(
            of: .shorthand(
                key: "name",
                ObjectFormat([
                    Field("name", .choice(names.datasets), "The dataset."),
                    fallbackField(names.datasets, "the dataset is neither in the data folder nor to be fetched"),
                    classesField, batchesField,
                ]),
                or: names.dataKinds.map { kind in
                    kind.with(
                        kind.fields + [fallbackField(names.datasets, "there is nothing at its path"), classesField])
                }))
    }

    private static func fallbackField(_ names: [String], _ absence: String) -> Field {
        Field("fallback", .choice(names), .optional, "Used when \(absence).")
    }

    /// Andrychowicz et al. 2016, section 3.3: an optimizer trained on some classes is evaluated on the others.
    static let classesField = Field(
        "classes", .distinct(.whole(0...255)), .optional,
        "The classes that are trained and tested on; the first becomes class 0. Left out: all.")

    /// Chen et al. 2018 train an optimizer on some files of CIFAR-10 and evaluate it on the others.
    static let batchesField = Field(
        "batches",
        .object(
            ObjectFormat([
                Field(
                    DataPurpose.metaTraining.rawValue, files, .optional, "Those of meta-training. Left out: all five."),
                Field(
                    DataPurpose.training.rawValue, files, .optional,
                    "Those of all other trials: tuning, evaluations, self-tuning. Left out: all five."),
            ])), .optional,
        "Which of CIFAR-10's five files trials learn on, so that optimizers are learned and used on different images. "
            + "All test on the test file.")

    private static let files = Format.distinct(.whole(1...CIFAR.ten.trainingFiles), atLeast: 1)

    /// What is wrong between the datasets of a problem, or between fields of one.
    @Sendable static func slips(_ problem: CheckedObject) -> [Slip] {
        guard let datasets = problem.value["dataset"]?.array else {
            return (problem.value["dataset"].map(slips) ?? []).map { $0.inside(.key("dataset")) }
        }
        return datasets.enumerated().flatMap { index, dataset in
            slips(dataset).map { $0.inside(.index(index)).inside(.key("dataset")) }
        } + repeated(datasets, problem)
    }

    /// A list of datasets to draw from has each once: twice would draw it twice as often.
    private static func repeated(_ datasets: [JSONValue], _ problem: CheckedObject) -> [Slip] {
        // Another fallback doesn't make it another dataset.
        let datasets = datasets.map { dataset in dataset.object?.filter { $0.key != "fallback" } }
        return datasets.indices.compactMap { index in
            guard let dataset = datasets[index], let first = datasets[..<index].firstIndex(of: dataset),
                problem.isRight(.key("dataset"), .index(index))
            else { return nil }
            return Slip(
                .key("dataset"), .index(index),
                found: "the same dataset as \(problem.path(of: .key("dataset"), .index(first)))",
                allowed: "datasets that differ in more than \"fallback\"")
        }
    }

    /// What is wrong between the fields of a dataset.
    private static func slips(_ dataset: JSONValue) -> [Slip] {
        let batches = JSONPath.Component.key("batches")
        guard let parts = dataset["batches"]?.object else { return [] }
        if let name = dataset["name"]?.string, name != CIFAR.ten.name {
            return [
                Slip(
                    batches, found: "files of \"\(name)\"",
                    allowed: "files of \"\(CIFAR.ten.name)\" alone, which has its training images in several")
            ]
        }
        return overlap(parts)
    }

    /// A file that is both learned on and used on.
    static func overlap(_ parts: [String: JSONValue]) -> [Slip] {
        let (first, second) = (DataPurpose.metaTraining.rawValue, DataPurpose.training.rawValue)
        let learned = parts[first]?.array ?? []
        return (parts[second]?.array ?? []).enumerated().filter { learned.contains($1) }.map { index, file in
            Slip(
                .key("batches"), .key(second), .index(index),
                found: "file \(file.canonicalText), which \(first) has too",
                allowed: "files that only one of the two has")
        }
    }
}
