/// What is optimized: a kind of the vocabulary and its settings, all defaults filled in.
public struct ProblemSpec: Sendable, Hashable {
    /// The settings without `kind` and `name`.
    public let settings: Settings
    public let kind: String
    /// What the spec calls it, if it does.
    public let name: String?

    init(_ filled: Settings) {
        kind = filled.text("kind")
        name = filled.text(ifGiven: "name")
        settings = Settings(filled.values.filter { $0.key != "kind" && $0.key != "name" })
    }

    /// The settings of a problem of kind `classification`; `nil` for another kind.
    public var classification: ClassificationSpec? {
        kind == "classification" ? ClassificationSpec(settings: settings) : nil
    }

    /// The settings of a problem of kind `quadratic`; `nil` for another kind.
    public var quadratic: QuadraticSpec? {
        kind == "quadratic" ? QuadraticSpec(settings: settings) : nil
    }

    /// Kind and settings as one object; the name says nothing about the problem and is left out.
    public var json: JSONValue {
        .object(settings.values.merging(["kind": .string(kind)]) { $1 })
    }
}

/// A student that learns a dataset.
public struct ClassificationSpec: Sendable, Hashable {
    public let settings: Settings

    public var dataset: String { settings.settings("dataset").text("name") }
    /// The dataset to use where the first is neither in the data folder nor to be fetched.
    public var fallbackDataset: String? { settings.settings("dataset").text(ifGiven: "fallback") }
    public var student: StudentSpec { StudentSpec(settings: settings.settings("student")) }
    public var batchSize: Int { settings.integer("batchSize") }
}

/// A fully connected network; its inputs and outputs follow from the dataset.
public struct StudentSpec: Sendable, Hashable {
    public enum HiddenLayers: Sendable, Hashable {
        /// Units of each hidden layer.
        case fixed([Int])
        /// Drawn for every trial from its seed: the number of hidden layers, then the units of each.
        case random(layers: ClosedRange<Int>, units: ClosedRange<Int>)
    }

    public enum Activation: String, Sendable, CaseIterable {
        case sigmoid, tanh, relu, elu
    }

    public enum Initialization: String, Sendable, CaseIterable {
        /// All weights normal with standard deviation 0.01.
        case paper
        /// Glorot normal.
        case glorot
    }

    public let settings: Settings

    public var hiddenLayers: HiddenLayers {
        guard let random = settings.settings(ifGiven: "random") else { return .fixed(settings.integers("hidden")) }
        let layers = random.integers("layers")
        let units = random.integers("units")
        return .random(layers: layers[0]...layers[1], units: units[0]...units[1])
    }

    public var activation: Activation { settings.choice("activation") }
    public var initialization: Initialization { settings.choice("initialization") }
}

/// The quadratics of Andrychowicz et al. 2016, section 3.1.
public struct QuadraticSpec: Sendable, Hashable {
    public let settings: Settings

    public var batchSize: Int { settings.integer("batchSize") }
    public var dimensions: Int { settings.integer("dimensions") }
}
