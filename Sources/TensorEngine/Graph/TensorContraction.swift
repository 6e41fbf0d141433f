extension Tensor {
    /// Products summed over the last `depth` dimensions of this tensor, which are those of the other after its first
    /// `stack` ones: `[stack…, rows…, depth…] · [stack…, depth…, columns…]` gives `[stack…, rows…, columns…]`.
    ///
    /// A matrix product is one over one dimension; an outer product, over none. Traps where dimensions differ.
    public func contraction(_ other: Tensor, depth: Int, stack: Int = 0) -> Tensor {
        let (a, b) = (shape.sizes, other.shape.sizes)
        precondition(
            a.count >= stack + depth && b.count >= stack + depth && a.prefix(stack) == b.prefix(stack)
                && a.suffix(depth) == b[stack..<stack + depth],
            "no contraction of \(shape) and \(other.shape) over \(depth) dimensions in stacks of \(stack)")
        return trace.append(
            .contraction(stack: stack, depth: depth), [self, other],
            Shape(a.dropLast(depth) + b.dropFirst(stack + depth)))
    }

    /// The dimensions from `start` on, with the first `count` of them moved to the end.
    func rotated(from start: Int, by count: Int) -> Tensor {
        let axes = Array(shape.sizes.indices)
        return transposed(Array(axes[..<start] + axes[(start + count)...] + axes[start..<start + count]))
    }
}
