import Optimizers
import TensorEngine

/// Replaces some features of the state by their means over all coordinates; and the way back, which is the same with
/// cotangents.
///
/// Sums run over the coordinates in their order, so that they are the same on any number of threads. Cost: a pass over
/// the averaged features.
struct StateAveraging {
    private let features: [Int]
    private let blocks: CoordinateBlocks

    init(_ optimizer: any CoordinatewiseOptimizer, blocks: CoordinateBlocks) {
        features = optimizer.averagedFeatures
        self.blocks = blocks
    }

    var isNeeded: Bool { !features.isEmpty }

    /// - Parameter blockState: where the state of a block begins. What fills up the last block counts for nothing and
    ///   becomes 0.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func average<Scalar: TensorScalar>(_ blockState: (Int) -> UnsafeMutablePointer<Scalar>) {
        for feature in features {
            var sum: Scalar = 0
            for block in 0..<blocks.count {
                let row = blockState(block) + feature * blocks.length
                for index in 0..<coordinates(of: block) { sum += row[index] }
            }
            let mean = sum / Scalar(blocks.parameterCount)
            for block in 0..<blocks.count {
                let row = blockState(block) + feature * blocks.length
                for index in 0..<blocks.length { row[index] = index < coordinates(of: block) ? mean : 0 }
            }
        }
    }

    /// How many of a block's coordinates are parameters.
    private func coordinates(of block: Int) -> Int { min(blocks.length, blocks.parameterCount - block * blocks.length) }
}
