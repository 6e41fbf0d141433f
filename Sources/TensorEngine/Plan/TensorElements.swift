import TensorKernels

/// The elements of one tensor, to be written: initial parameters, or a batch's images.
///
/// It points at memory that someone else owns, and is good for the length of the call that it is handed to.
public struct TensorElements<Scalar: TensorScalar>: @unchecked Sendable {
    /// All of them, in row-major order.
    public let buffer: UnsafeMutableBufferPointer<Scalar>

    public init(_ start: UnsafeMutablePointer<Scalar>, count: Int) {
        buffer = UnsafeMutableBufferPointer(start: start, count: count)
    }

    /// All elements of a buffer.
    public init(_ buffer: ElementBuffer<Scalar>) {
        self.init(buffer.start, count: buffer.count)
    }

    /// Tensors of these shapes that lie one after the other.
    public static func consecutive(_ shapes: [Shape], at start: UnsafeMutablePointer<Scalar>) -> [TensorElements] {
        var next = start
        return shapes.map { shape in
            defer { next += shape.count }
            return TensorElements(next, count: shape.count)
        }
    }

    public var count: Int { buffer.count }

    /// Where the first one is.
    ///
    /// - Precondition: there is one.
    public var start: UnsafeMutablePointer<Scalar> { buffer.baseAddress! }

    public subscript(index: Int) -> Scalar {
        get { buffer[index] }
        nonmutating set { buffer[index] = newValue }
    }

    /// Some of them.
    public func slice(_ range: Range<Int>) -> TensorElements {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) elements")
        return TensorElements(start + range.lowerBound, count: range.count)
    }

    /// Writes every element.
    ///
    /// - Precondition: there are as many values.
    public func set(_ values: [Double]) {
        precondition(values.count == count, "\(values.count) values for \(count) elements")
        for (index, value) in values.enumerated() { buffer[index] = Scalar(value) }
    }

    /// Makes every element the same.
    public func fill(_ value: Double) { buffer.update(repeating: Scalar(value)) }

    /// Draws every element from a normal distribution.
    public func fillNormal(_ stream: inout RandomStream, mean: Double = 0, deviation: Double = 1) {
        stream.fillNormal(buffer, mean: mean, deviation: deviation)
    }

    /// Draws every element uniformly from [0, 1).
    public func fillUniform(_ stream: inout RandomStream) {
        stream.fillRoundedUniform(buffer)
    }

    /// Draws every element uniformly from a range.
    public func fillUniform(_ stream: inout RandomStream, in range: Range<Double>) {
        stream.fillUniform(buffer, in: range)
    }
}
