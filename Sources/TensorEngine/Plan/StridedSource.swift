import TensorKernels

/// Elements in linear order that lie in memory by a pattern of strides.
struct StridedSource: Hashable {
    let place: Place
    let pattern: AccessPattern

    /// Whether the elements already lie in order from a place on.
    func isContiguous(at place: Place) -> Bool {
        self.place == place && pattern.isContiguous
    }

    /// Writes a range of the elements to contiguous memory. Where they already are there, nothing is done.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func load<Scalar: TensorScalar>(
        _ range: Range<Int>, to out: UnsafeMutablePointer<Scalar>, _ memory: PlanMemory<Scalar>
    ) {
        let start = memory.pointer(place)
        if pattern.isContiguous {
            let source = start + range.lowerBound
            if source != out { out.update(from: source, count: range.count) }
            return
        }
        let table = memory.kernels
        let run = pattern.sizes[pattern.sizes.count - 1]
        let stride = pattern.strides[pattern.strides.count - 1]
        var position = range.lowerBound
        var target = out
        while position < range.upperBound {
            let within = position % run
            let index = position / run
            let source = start + pattern.outerOffset(index) + within * stride
            if within == 0, stride == 0 || stride == 1, let (rows, rowStride) = pattern.rows(from: index) {
                let whole = min(rows, (range.upperBound - position) / run)
                if whole > 0 {
                    if stride == 1 {
                        table.copyRows(target, run, source, rowStride, whole, run)
                    } else {
                        Self.repeatElements(target, run, source, rowStride, whole, table)
                    }
                    position += whole * run
                    target += whole * run
                    continue
                }
            }
            let count = min(run - within, range.upperBound - position)
            switch stride {
            case 0: table.fill(target, source.pointee, count)
            case 1: target.update(from: source, count: count)
            default: table.gather(target, source, stride, count)
            }
            position += count
            target += count
        }
    }

    /// Writes rows that hold one element each, `run` times.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private static func repeatElements<Scalar: TensorScalar>(
        _ out: UnsafeMutablePointer<Scalar>, _ run: Int, _ source: UnsafePointer<Scalar>, _ rowStride: Int, _ rows: Int,
        _ table: KernelTable<Scalar>
    ) {
        var out = out
        for row in 0..<rows {
            let element = source[row &* rowStride]
            // Many are short, such as a number for each class.
            if run < 32 {
                for index in 0..<run { out[index] = element }
            } else {
                table.fill(out, element, run)
            }
            out += run
        }
    }
}
