/// A list that is read at every run of a plan and never changes: plain memory, so that walking it counts no references.
///
/// Whoever makes one deallocates it.
struct FixedList<Element>: @unchecked Sendable {
    let elements: UnsafeBufferPointer<Element>

    init(_ list: [Element]) {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: list.count)
        _ = memory.initialize(from: list)
        elements = UnsafeBufferPointer(memory)
    }

    func deallocate() {
        let memory = UnsafeMutableBufferPointer(mutating: elements)
        memory.deinitialize()
        memory.deallocate()
    }
}
