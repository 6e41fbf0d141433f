/// Sums of cotangents.
extension Trace {
    /// The sum of two cotangents that flow to one value.
    ///
    /// Where both are zero-padded and neighbours along one axis, it is their padded concatenation. So the gradient of a
    /// tensor that was cut into slices is one tensor again, and no zeros are added.
    static func accumulated(_ first: Tensor?, _ second: Tensor?) -> Tensor? {
        guard let first, let second else { return first ?? second }
        let trace = first.trace
        return trace.joinedPads(first, second) ?? trace.joinedPads(second, first) ?? first + second
    }

    private func joinedPads(_ first: Tensor, _ second: Tensor) -> Tensor? {
        guard case .pad(let starts) = nodes[first.id].operation,
            case .pad(let otherStarts) = nodes[second.id].operation
        else { return nil }
        let (a, b) = (tensor(nodes[first.id].operands[0]), tensor(nodes[second.id].operands[0]))
        let differing = starts.indices.filter { starts[$0] != otherStarts[$0] || a.shape[$0] != b.shape[$0] }
        guard let axis = differing.first, differing.count == 1, starts[axis] + a.shape[axis] == otherStarts[axis]
        else { return nil }
        let parts = concatenated(a, axis) + concatenated(b, axis)
        return Tensor.concatenating(parts, axis: axis).padded(starts: starts, shape: first.shape)
    }

    /// The parts of a concatenation along an axis, or the tensor itself.
    private func concatenated(_ tensor: Tensor, _ axis: Int) -> [Tensor] {
        let node = nodes[tensor.id]
        return node.operation == .concatenate(axis: axis) ? node.operands.map(self.tensor) : [tensor]
    }
}
