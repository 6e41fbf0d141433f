import TensorKernels

/// Contiguous elements at a fixed address, zero at first: what plans are bound to.
///
/// It is shared by reference, and nothing guards it: whoever hands parts of one to several threads sees to it that no
/// element is written by one while another reads it.
public final class ElementBuffer<Scalar: TensorScalar>: @unchecked Sendable {
    public let start: UnsafeMutablePointer<Scalar>
    public let count: Int

    public init(count: Int) {
        self.count = count
        start = ElementMemory.allocate(Scalar.self, count: count)
    }

    public convenience init(_ elements: [Scalar]) {
        self.init(count: elements.count)
        start.update(from: elements, count: elements.count)
    }

    deinit {
        ElementMemory.deallocate(start, count: count)
    }

    public var elements: [Scalar] { Array(UnsafeBufferPointer(start: start, count: count)) }

    /// Sets every element to 0.
    public func clear() {
        Scalar.kernels.fill(start, 0, count)
    }

    /// Copies the elements of another buffer, which has no more of them.
    public func copy(from other: ElementBuffer) {
        precondition(other.count <= count, "\(other.count) elements don't fit in \(count)")
        start.update(from: other.start, count: other.count)
    }
}
