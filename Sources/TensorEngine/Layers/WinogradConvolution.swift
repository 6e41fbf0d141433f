/// A convolution that multiplies transformed tiles of 6 by 6 of the images with transformed filters: 36 multiplications
/// where the sums take 100, with windows of 5 by 5, or 144, with windows of 3 by 3.
///
/// Everything is a contraction, so derivatives of all orders are transformed too. In single precision a result is off
/// by two to four times as much as that of the sums, about 1e-6 of its size; and a window of zeros may give a result
/// that is as far from 0, because sums of its tile's other windows cancel.
struct WinogradConvolution {
    private let down: WinogradTransform
    private let across: WinogradTransform
    private let padding: Padding
    private let images: Shape
    private let filters: Shape
    private let positions: [Int]
    private let tiles: [Int]

    /// How many elements the transformed tiles of a block of images have at most: they are still in the caches when
    /// they are read.
    private static let longestBlock = 5 << 18
    /// With fewer channels, or filters, transforming tiles takes as long as multiplying them.
    private static let fewestChannels = 32
    /// Transforming the filters takes as long as multiplying this many tiles.
    private static let tilesOfFilters = 10

    /// Nil where it would take longer than the sums, or isn't defined.
    ///
    /// - Parameters:
    ///   - images: `[images, height, width, channels]`
    ///   - filters: `[height, width, channels, filters]`
    init?(images: Shape, filters: Shape, strides: [Int], padding: Padding) {
        guard strides == [1, 1], filters.sizes[..<2].allSatisfy(WinogradTransform.filterSizes.contains),
            images[3] == filters[2], min(filters[2], filters[3]) >= Self.fewestChannels
        else { return nil }
        down = WinogradTransform(filterSize: filters[0])
        across = WinogradTransform(filterSize: filters[1])
        (self.images, self.filters, self.padding) = (images, filters, padding)
        positions = [0, 1].map { axis in
            padding == .same ? images[1 + axis] : max(images[1 + axis] - filters[axis] + 1, 0)
        }
        tiles = zip(positions, [down, across]).map { ($0 + $1.outputCount - 1) / $1.outputCount }
        let direct = images[0] * positions[0] * positions[1] * filters[0] * filters[1]
        let transformed = products * (images[0] * tiles[0] * tiles[1] + Self.tilesOfFilters)
        guard direct >= 2 * transformed else { return nil }
    }

    /// How many products of matrices there are: one for each element of a tile.
    private var products: Int { WinogradTransform.tileSize * WinogradTransform.tileSize }

    /// `[images, positions down, positions across, filters]`
    func callAsFunction(_ images: Tensor, _ filters: Tensor) -> Tensor {
        let padded = paddedToTiles(images)
        let transformed = transformedFilters(filters)
        let count = max(1, Self.longestBlock / (products * tiles[0] * tiles[1] * self.filters[2]))
        let blocks = stride(from: 0, to: self.images[0], by: count).map { first in
            convolved(padded.sliced(first..<min(first + count, self.images[0])), transformed)
        }
        return Tensor.concatenating(blocks).sliced(0..<positions[0], axis: 1).sliced(0..<positions[1], axis: 2)
    }

    /// Zeros around the images, at their far ends enough for whole tiles.
    private func paddedToTiles(_ images: Tensor) -> Tensor {
        var starts = [0, 0, 0, 0]
        var sizes = images.shape.sizes
        for (axis, transform) in [down, across].enumerated() {
            starts[1 + axis] = padding.amounts(size: sizes[1 + axis], window: filters[axis], stride: 1).before
            sizes[1 + axis] = (tiles[axis] - 1) * transform.outputCount + WinogradTransform.tileSize
        }
        return images.padded(starts: starts, shape: Shape(sizes))
    }

    /// `[36, channels, filters]`, elements of a tile across before those down.
    private func transformedFilters(_ filters: Tensor) -> Tensor {
        let high = filters.constant(down.filter).contraction(filters, depth: 1)
        let both = filters.constant(across.filter).contraction(high.transposed([1, 0, 2, 3]), depth: 1)
        return both.reshaped([products, self.filters[2], self.filters[3]])
    }

    /// The positions of whole tiles of some images.
    ///
    /// - Parameter filters: transformed.
    private func convolved(_ images: Tensor, _ filters: Tensor) -> Tensor {
        let (count, channels, filterCount) = (images.shape[0], self.filters[2], self.filters[3])
        let (width, size) = (images.shape[2], WinogradTransform.tileSize)
        let rows = images.reshaped([count, images.shape[1], width * channels])
            .windows([size], strides: [down.outputCount])
        let high = images.constant(down.input).contraction(rows.transposed([2, 0, 1, 3]), depth: 1)
        let columns = high.reshaped([size * count * tiles[0], width, channels])
            .windows([size], strides: [across.outputCount])
        let both = images.constant(across.input).contraction(columns.transposed([2, 0, 1, 3]), depth: 1)

        let product = both.reshaped([products, count * tiles[0] * tiles[1], channels]).matrixProduct(filters)

        let wide = images.constant(across.output)
            .contraction(product.reshaped([size, size, product.shape[1] * filterCount]), depth: 1)
        let result = images.constant(down.output).contraction(wide.transposed([1, 0, 2]), depth: 1)
        return result.reshaped([down.outputCount, across.outputCount, count, tiles[0], tiles[1], filterCount])
            .transposed([2, 3, 0, 4, 1, 5])
            .reshaped([count, tiles[0] * down.outputCount, tiles[1] * across.outputCount, filterCount])
    }
}

extension Tensor {
    /// A small matrix of constants, in the same trace.
    fileprivate func constant(_ rows: [[Double]]) -> Tensor {
        Tensor.concatenating(rows.joined().map { constant($0, shape: [1]) }).reshaped([rows.count, rows[0].count])
    }
}
