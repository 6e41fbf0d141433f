import Formats
import Nouns

/// A student that learns a dataset.
public struct ClassificationSpec: Sendable, Hashable {
    public enum Loss: String, Sendable, CaseIterable {
        case crossEntropy
        /// The share of wrong answers.
        case zeroOne
    }

    public let settings: Settings

    /// What is learned: one dataset, or several of which every student draws one.
    public var datasets: [DatasetSpec] {
        (settings.list(ifGiven: "dataset") ?? [settings.settings("dataset")]).map(DatasetSpec.init(settings:))
    }
    public var student: StudentSpec { StudentSpec(settings: settings.settings("student")) }
    public var batchSize: Int { settings.integer("batchSize") }
    public var loss: Loss { settings.text(ifGiven: "loss") == nil ? .crossEntropy : settings.choice("loss") }
}

extension ClassificationSpec {
    /// The problem `cifar`, spelled out.
    ///
    /// As in the code published with Andrychowicz et al. 2016: three convolutions of 16 filters of 5 × 5 and a hidden
    /// layer of 32 units, each with a bias, batch normalization that learns an offset and no scale, and ReLU; the
    /// largest of 2 × 2 pixels after each convolution; ten outputs without normalization. The original draws minibatches
    /// from a queue that it shuffles; here they are drawn with replacement, as for every student.
    static func cifar(_ settings: Settings) -> ClassificationSpec {
        var dataset: [String: JSONValue] = ["name": "cifar-10"]
        dataset["fallback"] = settings.values["fallback"]
        dataset["classes"] = settings.values["classes"]
        let convolution: JSONValue = [
            "kernel": 5, "channels": 16, "stride": 1, "batchNormalization": true, "pooling": 2,
        ]
        let student: JSONValue = [
            "convolutions": [convolution, convolution, convolution], "hidden": [32], "batchNormalization": true,
            "activation": "relu", "initialization": "paper",
        ]
        return ClassificationSpec(
            settings: Settings([
                "dataset": .object(dataset), "student": student, "batchSize": .integer(settings.integer("batchSize")),
            ]))
    }
}
