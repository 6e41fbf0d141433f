#if canImport(Glibc)
    import Glibc
#endif

/// Memory that is walked again and again, or read at random: with small pages, looking up its addresses takes a tenth
/// of the time of the former, and a quarter of the latter's.
///
/// What is large comes from the system and goes straight back there, so that nothing stays behind of, say, a file that
/// was decompressed.
public enum HugePages {
    private static let size = 2 << 20

    /// Zeros, from the start of a cache line; large memory begins at a huge page, if the system has such.
    ///
    /// Fails where the system has no more.
    public static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        #if os(Linux)
            if isLarge(byteCount) { return map(length(byteCount)) }
        #endif
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        return memory
    }

    /// Gives back what was allocated with as many bytes.
    public static func deallocate(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
        #if os(Linux)
            if isLarge(byteCount) {
                munmap(memory, length(byteCount))
                return
            }
        #endif
        memory.deallocate()
    }

    private static func isLarge(_ byteCount: Int) -> Bool { byteCount >= size / 2 }

    /// Whole huge pages, unless the last one would stay mostly empty and there are others.
    private static func length(_ byteCount: Int) -> Int {
        let whole = (byteCount + size - 1) / size * size
        return whole == size || whole - byteCount < size / 4 ? whole : byteCount
    }

    #if os(Linux)
        /// Maps a huge page more, and gives back what lies before and behind.
        private static func map(_ length: Int) -> UnsafeMutableRawPointer {
            let page = sysconf(Int32(_SC_PAGESIZE))
            let pages = (length + page - 1) / page * page
            let mapped = mmap(nil, pages + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let mapped, mapped != MAP_FAILED else {
                fatalError("the system has no \(length) bytes of memory left")
            }
            let before = (size - Int(bitPattern: mapped) % size) % size
            if before > 0 { munmap(mapped, before) }
            if before < size { munmap(mapped + before + pages, size - before) }
            madvise(mapped + before, pages, MADV_HUGEPAGE)
            return mapped + before
        }
    #endif
}
