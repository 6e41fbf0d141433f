import TensorKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Raw memory for elements: zeros, from the start of a cache line.
enum ElementMemory {
    private static let hugePage = 2 << 20

    /// Large memory begins and ends at a huge page, where there are some: state and histories of gradients are walked
    /// from end to end at every step, and with small pages a tenth of that time goes to looking up addresses.
    static func allocate<Scalar: TensorScalar>(_: Scalar.Type, count: Int) -> UnsafeMutablePointer<Scalar> {
        let needed = max(count, 1) * MemoryLayout<Scalar>.stride
        let isLarge = needed >= hugePage / 2
        let whole = (needed + hugePage - 1) / hugePage * hugePage
        // A page that would stay mostly empty is taken only where there is no other.
        let bytes = isLarge && (whole == hugePage || whole - needed < hugePage / 4) ? whole : needed
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? hugePage : 64)
        #if os(Linux)
            if isLarge { madvise(raw, bytes, MADV_HUGEPAGE) }
        #endif
        raw.initializeMemory(as: UInt8.self, repeating: 0, count: needed)
        return raw.bindMemory(to: Scalar.self, capacity: max(count, 1))
    }

    static func deallocate<Scalar>(_ pointer: UnsafeMutablePointer<Scalar>) {
        UnsafeMutableRawPointer(pointer).deallocate()
    }
}
