/// Raw memory for elements: zeros, from the start of a cache line.
enum ElementMemory {
    static func allocate<Scalar: TensorScalar>(_: Scalar.Type, count: Int) -> UnsafeMutablePointer<Scalar> {
        HugePages.allocate(byteCount: bytes(Scalar.self, count))
            .bindMemory(to: Scalar.self, capacity: max(count, 1))
    }

    /// - Parameter count: as it was allocated with.
    static func deallocate<Scalar>(_ pointer: UnsafeMutablePointer<Scalar>, count: Int) {
        HugePages.deallocate(UnsafeMutableRawPointer(pointer), byteCount: bytes(Scalar.self, count))
    }

    private static func bytes<Scalar>(_: Scalar.Type, _ count: Int) -> Int {
        max(count, 1) * MemoryLayout<Scalar>.stride
    }
}
