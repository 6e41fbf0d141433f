/// The sizes of a residual network: how many layers it has, and for which pictures.
public struct ResidualArchitecture: Hashable, Sendable {
    public enum Pictures: String, Sendable, CaseIterable {
        /// Small ones, 32 × 32 as published: three stages of 16, 32 and 64 filters.
        case cifar
        /// Large ones, 224 × 224 as published: a convolution and pooling that make them four times smaller, then four
        /// stages of 64, 128, 256 and 512 filters.
        case imagenet
    }

    /// Blocks of like size, one after the other.
    struct Stage: Hashable {
        let blocks: Int
        let filters: Int
        /// Of the first block.
        let stride: Int
    }

    /// Convolutions and the fully connected layer; shortcuts don't count.
    public let layers: Int
    public let pictures: Pictures
    let stages: [Stage]

    /// Nil where there is no such network: `cifar` has 6n + 2 layers, `imagenet` 18 or 34.
    public init?(layers: Int, pictures: Pictures = .cifar) {
        guard let blocks = Self.blocks(layers, pictures) else { return nil }
        self.layers = layers
        self.pictures = pictures
        let filters = pictures == .cifar ? 16 : 64
        stages = blocks.enumerated().map { index, blocks in
            Stage(blocks: blocks, filters: filters << index, stride: index == 0 ? 1 : 2)
        }
    }

    /// How many blocks of two layers each stage has.
    private static func blocks(_ layers: Int, _ pictures: Pictures) -> [Int]? {
        switch pictures {
        case .cifar: layers % 6 == 2 && layers >= 8 ? Array(repeating: (layers - 2) / 6, count: 3) : nil
        case .imagenet: [18: [2, 2, 2, 2], 34: [3, 4, 6, 3]][layers]
        }
    }

    /// The numbers of layers that networks have, nearest to one that none has.
    static func nearest(to layers: Int, _ pictures: Pictures) -> [Int] {
        switch pictures {
        case .cifar:
            let below = (layers - 2) / 6 * 6 + 2
            return layers < 8 ? [8] : [below, below + 6]
        case .imagenet: return [18, 34]
        }
    }

    /// The least height and width of pictures: `imagenet` makes them 32 times smaller.
    var leastSize: Int { pictures == .cifar ? 1 : 32 }
}
