import Foundation

/// The network that a trial's seed drew.
public struct StudentArchitecture: Sendable, Hashable {
    /// The sizes of all layers, such as `784-20-10`, or what stands for them, as in `32x32x3-resnet20-10`.
    public let layers: String
    /// How many numbers are learned, biases included.
    public let weights: Int

    /// How many layers there are between inputs and outputs, convolutions included.
    public let depth: Int

    /// A network of these layers.
    ///
    /// - Parameter depth: nil where each layer stands in `layers`.
    public init(layers: String, weights: Int, depth: Int? = nil) {
        self.layers = layers
        self.weights = weights
        self.depth = depth ?? max(0, layers.count { $0 == "-" } - 1)
    }

    /// Reads what the journal has of a trial's network; nil where that is not one network, as in an ensemble.
    public init?(recorded json: String) {
        guard let recorded = try? JSONDecoder().decode(Recorded.self, from: Data(json.utf8)) else { return nil }
        self.init(layers: recorded.layers, weights: recorded.parameters, depth: recorded.depth)
    }

    private struct Recorded: Decodable {
        let layers: String
        let parameters: Int
        let depth: Int?
    }
}
