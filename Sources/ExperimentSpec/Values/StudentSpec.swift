import Formats

/// A network; its inputs and outputs follow from the dataset.
public struct StudentSpec: Sendable, Hashable {
    public enum HiddenLayers: Sendable, Hashable {
        /// Units of each hidden layer.
        case fixed([Int])
        /// Drawn for every trial from its seed: the number of hidden layers, then the units of each.
        case random(layers: ClosedRange<Int>, units: ClosedRange<Int>)
    }

    public enum Activation: String, Sendable, CaseIterable {
        case sigmoid, tanh, relu, elu
        /// 1 above 0, else 0.
        case step
    }

    public enum Initialization: String, Sendable, CaseIterable {
        /// All weights normal with standard deviation 0.01.
        case paper
        /// Glorot normal.
        case glorot
    }

    /// A convolutional layer.
    public struct Convolution: Sendable, Hashable {
        public let settings: Settings

        /// Height and width of the filters.
        public var kernel: Int { settings.integer("kernel") }
        public var channels: Int { settings.integer("channels") }
        public var stride: Int { settings.integer("stride") }
        public var isNormalized: Bool { settings.flag("batchNormalization") }
        /// The side of the squares of which the largest element is kept; 1 for none.
        public var pooling: Int { settings.integer("pooling") }
    }

    public let settings: Settings

    /// The layers before the fully connected ones.
    public var convolutions: [Convolution] {
        (settings.list(ifGiven: "convolutions") ?? []).map(Convolution.init(settings:))
    }

    /// The fully connected hidden layers.
    public var hiddenLayers: HiddenLayers {
        guard let random = settings.settings(ifGiven: "random") else {
            return .fixed(settings.integers(ifGiven: "hidden") ?? [])
        }
        let layers = random.integers("layers")
        let units = random.integers("units")
        return .random(layers: layers[0]...layers[1], units: units[0]...units[1])
    }

    /// Whether fully connected hidden layers are batch-normalized.
    public var isNormalized: Bool { settings.flag(ifGiven: "batchNormalization") ?? false }
    public var activation: Activation { settings.choice("activation") }
    public var initialization: Initialization { settings.choice("initialization") }
}
