extension ProductKernel {
    /// Copies the rows of a panel's `a` in groups of four, depth first, and makes the panel read the copy.
    ///
    /// Neither kind of packing is inlined: among all the rest, its loops would find no registers left.
    @inlinable @inline(never)
    static func packA(_ panel: inout Panel<Scalar>, _ target: UnsafeMutablePointer<Scalar>) {
        var row = 0
        while row < panel.rows {
            let rows = min(tileRows, panel.rows - row)
            let group = target + row &* panel.depth
            let source = panel.a + row &* panel.aRowStride
            if panel.aColumnStride == 1 {
                MemoryKernels<Target>.transpose(
                    group, outStride: tileRows, source, inputStride: panel.aRowStride, rows: rows,
                    columns: panel.depth)
            } else {
                for step in 0..<panel.depth {
                    for lane in 0..<rows {
                        group[step &* tileRows &+ lane] =
                            source[step &* panel.aColumnStride &+ lane &* panel.aRowStride]
                    }
                }
            }
            row &+= tileRows
        }
        panel.a = UnsafePointer(target)
        panel.aGroupStride = tileRows &* panel.depth
        panel.aRowStride = 1
        panel.aColumnStride = tileRows
    }

    /// Copies a panel of `b` to rows of `width` elements, padded with zeros.
    @inlinable @inline(never)
    static func packB(
        _ panel: Panel<Scalar>, bColumnStride: Int, width: Int, _ target: UnsafeMutablePointer<Scalar>
    ) {
        if panel.columns < width {
            let padded = target + (width &- Target.Vector.laneCount)
            for step in 0..<panel.depth { Target.Vector(repeating: 0).store(padded + step &* width) }
        }
        if bColumnStride == 1 {
            MemoryKernels<Target>.copyRows(
                target, outStride: width, panel.b, inputStride: panel.bRowStride, rows: panel.depth,
                count: panel.columns)
        } else {
            MemoryKernels<Target>.transpose(
                target, outStride: width, panel.b, inputStride: bColumnStride, rows: panel.columns,
                columns: panel.depth)
        }
    }
}
