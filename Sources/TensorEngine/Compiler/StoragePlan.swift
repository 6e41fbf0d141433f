/// Where a value lies while a plan runs: an offset, in elements, in one of its regions.
struct Place: Hashable {
    /// 0 is the arena; then come the inputs, then the outputs.
    var region: Int
    var offset: Int
}

/// Gives every stored value of a lowered graph a place. Values of the arena that don't live at the same time share it.
struct StoragePlan {
    /// How many elements the arena needs.
    private(set) var arenaCount = 0
    /// Where the constants lie that are read as memory.
    private(set) var constants: [Double: Place] = [:]
    /// The base values whose storage is that of a later one, which takes it over, and that later one.
    private var roots: [NodeID: NodeID] = [:]
    /// Where the base values lie that have storage of their own.
    private var places: [NodeID: Place] = [:]
    private let lowering: Lowering

    /// Places are multiples of this many elements, so that vectors never straddle two cache lines.
    private static let alignment = 16

    init(_ lowering: Lowering) {
        self.lowering = lowering
        let inputs = lowering.graph.inputCount
        for (id, node) in lowering.graph.nodes.enumerated() {
            if case .input(let index) = node.operation { places[id] = Place(region: 1 + index, offset: 0) }
        }
        for (base, index) in lowering.outputBases { places[base] = Place(region: 1 + inputs + index, offset: 0) }
        shareAccumulators()
        updateInPlace()
        allocateArena()
        for (value, base) in lowering.constants.sorted(by: { $0.value < $1.value }) {
            let place = Place(region: 0, offset: arenaCount)
            places[base] = place
            constants[value] = place
            arenaCount += ElementTile.longest
        }
    }

    /// The place of a reference's first element.
    func place(_ reference: Reference) -> Place {
        let (base, offset) = root(reference.base)
        var place = places[base]!
        place.offset += offset + reference.offset
        return place
    }

    /// The value whose storage holds a base value, and at what offset.
    private func root(_ base: NodeID) -> (NodeID, Int) {
        var (current, offset) = (base, 0)
        while true {
            if let next = roots[current] {
                current = next
            } else if let placement = lowering.placements[current] {
                current = placement.base
                offset += placement.offset
            } else {
                return (current, offset)
            }
        }
    }

    /// The last kernel that reads the storage of each base value that has its own: parts of it may be values too.
    private var lastRead: [NodeID: Int] {
        var result: [NodeID: Int] = [:]
        for (index, kernel) in lowering.kernels.enumerated() {
            for base in kernel.reads { result[root(base).0] = index }
        }
        return result
    }

    /// A product that is added to a value which nothing reads later takes over that value's storage.
    private mutating func shareAccumulators() {
        let lastRead = self.lastRead
        for (index, kernel) in lowering.kernels.enumerated() {
            guard case .product(let product) = kernel.code, case .addend(let addend) = product.start else { continue }
            let base = addend.base
            guard !lowering.updatingBases.contains(kernel.writes[0]), lastRead[base] == index, isFree(base),
                !lowering.hosts.contains(base), addend.isContiguous, addend.offset == 0,
                lowering.counts[base] == addend.shape.count,
                !([product.a, product.b] + product.laterRows).contains(where: { $0.base == base })
            else { continue }
            roots[base] = kernel.writes[0]
        }
    }

    /// A result of an elementwise program takes over the storage of an operand that nothing reads later: then one
    /// stream through memory is read and written, instead of one of each.
    private mutating func updateInPlace() {
        let lastRead = self.lastRead
        for (index, kernel) in lowering.kernels.enumerated() {
            guard case .program(let nodes, let count) = kernel.code else { continue }
            // The operands that nothing reads later.
            var dying = kernel.reads.filter {
                lastRead[$0] == index && roots[$0] == nil && isFree($0) && lowering.counts[$0] == count
            }
            for (position, id) in nodes.enumerated() where lowering.stored.contains(id) && isFree(id) {
                let taken = dying.sorted().first { isRead($0, by: nodes, upTo: position) }
                guard let taken else { continue }
                roots[taken] = id
                dying.remove(taken)
            }
        }
    }

    /// Whether a program reads a value element by element in order, and not after the node at a position.
    private func isRead(_ base: NodeID, by nodes: [NodeID], upTo position: Int) -> Bool {
        for (index, id) in nodes.enumerated() {
            for operand in lowering.graph.nodes[id].operands {
                guard let reference = lowering.references[operand], reference.base == base else { continue }
                if index > position || !reference.isContiguous || reference.offset != 0 { return false }
            }
        }
        return true
    }

    /// Whether a value's storage is its own to share: no input's, no output's, and not a part of another's.
    private func isFree(_ base: NodeID) -> Bool {
        lowering.producer[base]! >= 0 && lowering.placements[base] == nil && lowering.outputBases[base] == nil
    }

    private mutating func allocateArena() {
        var begins: [NodeID: Int] = [:]
        var ends: [NodeID: Int] = [:]
        for (index, kernel) in lowering.kernels.enumerated() {
            for base in kernel.writes where lowering.stored.contains(base) || !isProgram(kernel) {
                let root = root(base).0
                begins[root] = min(begins[root] ?? index, index)
                ends[root] = max(ends[root] ?? index, index)
            }
            for base in kernel.reads {
                let root = root(base).0
                ends[root] = max(ends[root] ?? index, index)
            }
        }
        var beginning: [Int: [NodeID]] = [:]
        var ending: [Int: [NodeID]] = [:]
        for (base, index) in begins where places[base] == nil {
            beginning[index, default: []].append(base)
            ending[ends[base]!, default: []].append(base)
        }
        var arena = FreeList()
        for index in lowering.kernels.indices {
            for base in (beginning[index] ?? []).sorted() {
                places[base] = Place(region: 0, offset: arena.take(padded(base)))
            }
            for base in (ending[index] ?? []).sorted() {
                arena.give(places[base]!.offset, padded(base))
            }
        }
        arenaCount = arena.extent
    }

    private func padded(_ base: NodeID) -> Int {
        (max(lowering.counts[base]!, 1) + Self.alignment - 1) / Self.alignment * Self.alignment
    }

    private func isProgram(_ kernel: Kernel) -> Bool {
        if case .program = kernel.code { return true }
        return false
    }
}

/// The gaps of an arena that grows at its end, in order of their offsets.
private struct FreeList {
    private(set) var extent = 0
    private var gaps: [Range<Int>] = []

    /// The first gap that is large enough, else new space at the end.
    mutating func take(_ count: Int) -> Int {
        if let index = gaps.firstIndex(where: { $0.count >= count }) {
            let start = gaps[index].lowerBound
            if gaps[index].count == count {
                gaps.remove(at: index)
            } else {
                gaps[index] = start + count..<gaps[index].upperBound
            }
            return start
        }
        var start = extent
        if let last = gaps.last, last.upperBound == extent {
            start = last.lowerBound
            gaps.removeLast()
        }
        extent = start + count
        return start
    }

    mutating func give(_ start: Int, _ count: Int) {
        var freed = start..<start + count
        let index = gaps.firstIndex { $0.lowerBound > start } ?? gaps.count
        var (low, high) = (index, index)
        if low > 0, gaps[low - 1].upperBound == freed.lowerBound {
            low -= 1
            freed = gaps[low].lowerBound..<freed.upperBound
        }
        if high < gaps.count, gaps[high].lowerBound == freed.upperBound {
            freed = freed.lowerBound..<gaps[high].upperBound
            high += 1
        }
        gaps.replaceSubrange(low..<high, with: [freed])
    }
}
