import CPrefetch
import TensorKernels

/// What the examples of a split show, one after the other, in the form in which it is kept.
enum ExampleInputs: Sendable {
    /// Bytes of images, which networks see scaled from 0 ... 255 to 0 ... 1. They start `offset` bytes into the storage,
    /// which may hold a file's header before them.
    case bytes(ImmutableBytes, offset: Int)

    /// Numbers, which networks see as they are.
    case numbers([Float])

    /// Pictures that are read when they are needed; each example is the one of this number.
    case pictures(PictureStore, [Int])

    /// How many numbers there are for examples of `features` each.
    func count(features: Int) -> Int {
        switch self {
        case .bytes(let storage, let offset): storage.count - offset
        case .numbers(let numbers): numbers.count
        case .pictures(_, let pictures): pictures.count * features
        }
    }

    /// Writes the examples of these indices, one after the other, `features` numbers each.
    ///
    /// - Parameter brightest: what a byte of 255 becomes; numbers stay as they are.
    func write<Scalar: TensorScalar>(
        _ indices: UnsafeBufferPointer<Int>, features: Int, to inputs: UnsafeMutablePointer<Scalar>,
        brightest: Double
    ) {
        let kernels = Scalar.kernels
        let scale = Scalar(brightest) / Scalar(255)
        switch self {
        case .bytes(let storage, let offset):
            storage.withBuffer { bytes in
                Self.forEachRow(indices, of: bytes.baseAddress! + offset, features) { row, image in
                    kernels.convertBytes(inputs + row * features, image, scale, features)
                }
            }
        case .numbers(let numbers):
            numbers.withUnsafeBufferPointer { numbers in
                Self.forEachRow(indices, of: numbers.baseAddress!, features) { row, example in
                    Self.copy(example, to: inputs + row * features, count: features)
                }
            }
        case .pictures(let store, let pictures):
            for (row, index) in indices.enumerated() {
                store.pixels(of: pictures[index]).withBuffer { bytes in
                    kernels.convertBytes(inputs + row * features, bytes.baseAddress!, scale, features)
                }
            }
        }
    }

    /// How many examples further on memory is asked for: their places are random, and one that is not in a cache takes
    /// about as long to come as two or three are worked on.
    private static let examplesAhead = 4

    /// Calls `body` with each row and where the example of its index begins.
    @inline(__always)
    private static func forEachRow<Element>(
        _ indices: UnsafeBufferPointer<Int>, of first: UnsafePointer<Element>, _ features: Int,
        _ body: (Int, UnsafePointer<Element>) -> Void
    ) {
        func ask(_ row: Int) {
            guard row < indices.count else { return }
            let example = UnsafeRawPointer(first + indices[row] * features)
            for byte in stride(from: 0, to: features * MemoryLayout<Element>.stride, by: 64) {
                journal_prefetch(example + byte)
            }
        }
        for row in 0..<examplesAhead { ask(row) }
        for row in 0..<indices.count {
            ask(row + examplesAhead)
            body(row, first + indices[row] * features)
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private static func copy<Scalar: TensorScalar>(
        _ numbers: UnsafePointer<Float>, to out: UnsafeMutablePointer<Scalar>, count: Int
    ) {
        for index in 0..<count { out[index] = Scalar(numbers[index]) }
    }

    /// Those of some examples, in this order. Copies what is in memory once.
    func selecting(_ indices: [Int], features: Int) -> ExampleInputs {
        switch self {
        case .bytes(let storage, let offset):
            let kept = ImmutableBytes(count: indices.count * features) { memory in
                storage.withBuffer { bytes in
                    for (position, index) in indices.enumerated() {
                        (memory.baseAddress! + position * features)
                            .update(from: bytes.baseAddress! + offset + index * features, count: features)
                    }
                }
            }
            return .bytes(kept, offset: 0)
        case .numbers(let numbers):
            return .numbers(indices.flatMap { numbers[$0 * features..<($0 + 1) * features] })
        case .pictures(let store, let pictures):
            return .pictures(store, indices.map { pictures[$0] })
        }
    }
}
