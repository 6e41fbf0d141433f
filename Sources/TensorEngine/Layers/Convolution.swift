extension Tensor {
    /// The convolution of images with filters, as networks know it: without turning the filters around.
    ///
    /// It is a contraction of the images' windows, which are views, so its cost is that of the products alone; images
    /// are copied once where they need padding. Images of one or three dimensions have a size less or more. With many
    /// channels and small windows, tiles and filters are transformed first, which takes less than half of the
    /// multiplications: `WinogradConvolution` says when, and what it means for rounding.
    ///
    /// - Parameters:
    ///   - filters: `[height, width, channels, filters]`.
    ///   - strides: one for each dimension of the images.
    /// - Returns: `[images, positions down, positions across, filters]`, where this is
    ///   `[images, height, width, channels]`.
    ///
    /// Traps where shapes don't fit.
    public func convolution(_ filters: Tensor, strides: [Int] = [1, 1], padding: Padding = .same) -> Tensor {
        let window = Array(filters.shape.sizes.dropLast(2))
        precondition(
            window.count == shape.rank - 2 && strides.count == window.count,
            "no convolution of \(shape) with \(filters.shape) and strides \(strides)")
        if let winograd = WinogradConvolution(
            images: shape, filters: filters.shape, strides: strides, padding: padding)
        {
            return winograd(self, filters)
        }
        return convolutionBySums(filters, strides: strides, padding: padding)
    }

    /// The same by its definition, whatever the shapes.
    func convolutionBySums(_ filters: Tensor, strides: [Int], padding: Padding) -> Tensor {
        let window = Array(filters.shape.sizes.dropLast(2))
        return windows(window, strides: strides, padding: padding).contraction(filters, depth: window.count + 1)
    }

    /// The windows that a convolution multiplies its filters by.
    ///
    /// - Parameters:
    ///   - sizes: of a window, one for each dimension of the images.
    ///   - strides: likewise.
    /// - Returns: `[images, positions…, window…, channels]`, where this is `[images, sizes…, channels]`: views, but for a copy
    ///   of images that need padding.
    public func windows(_ sizes: [Int], strides: [Int], padding: Padding) -> Tensor {
        padded(padding, window: sizes, strides: strides).windows(sizes, strides: strides)
    }
}
