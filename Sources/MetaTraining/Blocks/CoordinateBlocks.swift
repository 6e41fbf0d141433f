import Optimizers
import TensorEngine

/// How a parameter vector is cut into blocks of coordinates that an optimizer works on at a time.
///
/// The length of a block doesn't depend on the number of threads. State is kept block by block: all features of a
/// block's coordinates lie together, so that a block's work stays in the processor's cache.
struct CoordinateBlocks {
    let parameterCount: Int
    /// Coordinates in a block.
    let length: Int
    /// How many numbers of state each coordinate has.
    let features: Int

    /// - Parameter isLearned: learned optimizers do much work a coordinate and want short blocks.
    init(parameterCount: Int, features: Int, isLearned: Bool) {
        self.parameterCount = parameterCount
        self.features = features
        let wanted = isLearned ? 64 : 4096
        length = min(wanted, (parameterCount + 15) / 16 * 16)
    }

    var count: Int { (parameterCount + length - 1) / length }

    /// The length of a parameter vector filled up to whole blocks. What lies past the parameters is 0 and stays out
    /// of every sum.
    var paddedCount: Int { count * length }

    var stateCount: Int { paddedCount * features }

    /// Where a block's state begins.
    func stateOffset(_ block: Int) -> Int { block * length * features }

    /// Contiguous blocks for one of a fixed number of pieces.
    func blocks(piece: Int, of pieces: Int) -> Range<Int> {
        count * piece / pieces..<count * (piece + 1) / pieces
    }

    /// How many pieces the blocks are cut into.
    var pieceCount: Int { min(count, 128) }
}
