import TensorEngine

/// What an estimator keeps from one problem to the next, and so a part of checkpoints: numbers, always as many, and
/// buffers, whose number and sizes may follow from the numbers.
protocol EstimatorMemory<Scalar>: AnyObject {
    associatedtype Scalar: TensorScalar

    var numbers: [Double] { get }
    var buffers: [ElementBuffer<Scalar>] { get }

    /// Takes over numbers, and has buffers of the sizes that they say, to be filled.
    ///
    /// - Parameter elements: how many elements there are to fill buffers with: where numbers ask for more, they are none of
    ///   its own, and it stays as it is.
    func prepare(_ numbers: [Double], elements: Int)
}
