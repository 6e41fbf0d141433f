import TensorKernels

/// The closed set of primitives that a graph is made of.
///
/// Everything else (a softmax, an LSTM cell, a loss) is an ordinary Swift function that records these. A new
/// primitive needs its derivative in `Derivative.swift` and its code in the compiler, and nothing more.
enum Operation: Hashable, Sendable {
    /// The graph's input with this index.
    case input(Int)
    /// Every element has this value.
    case constant(Double)
    /// One element of the result from the same element of each operand; all shapes are equal.
    case elementwise(ElementwiseOperation)
    /// Repeats the operand along the dimensions where its size is 1; the ranks are equal.
    case broadcast
    /// The same elements in the same order under another shape.
    case reshape
    /// Dimension `i` of the result is dimension `permutation[i]` of the operand.
    case transpose([Int])
    /// The box that starts at `starts` and has the result's shape.
    case slice(starts: [Int])
    /// Zeros of the result's shape with the operand at `starts`.
    case pad(starts: [Int])
    /// The operands one after the other along an axis.
    case concatenate(axis: Int)
    /// Sums over the axes, which stay with size 1.
    case sum(axes: [Int])
    /// The largest element over the axes, which stay with size 1.
    case maximum(axes: [Int])
    /// Products summed over the last `depth` dimensions of the first operand, which are those of the second after its
    /// first `stack` ones; these belong together: `[stack…, rows…, depth…] · [stack…, depth…, columns…]` gives
    /// `[stack…, rows…, columns…]`.
    case contraction(stack: Int, depth: Int)
    /// The boxes that a window visits: `[images, sizes…, channels]` to `[images, positions…, window…, channels]`.
    case windows(Windows)
    /// The adjoint of `windows`: boxes are added up where they were taken from, in the result's shape.
    case fold(Windows)
    /// The operand, to which no derivative flows.
    case stopGradient
}

/// The index of a node in its trace or graph; operands always come before the nodes that use them.
typealias NodeID = Int

/// One value of a graph: a primitive applied to earlier values.
struct Node: Hashable, Sendable {
    let operation: Operation
    let operands: [NodeID]
    let shape: Shape
}
