/// One of the pieces into which a step of a plan is cut.
struct Piece {
    let index: Int
    let count: Int

    static var whole: Piece { Piece(index: 0, count: 1) }

    /// The piece's share of some items, which are handed out in groups of `multiple`.
    func range(of items: Int, multiple: Int) -> Range<Int> {
        guard count > 1 else { return 0..<items }
        let groups = (items + multiple - 1) / multiple
        return min(groups * index / count * multiple, items)..<min(groups * (index + 1) / count * multiple, items)
    }
}

extension Range<Int> {
    /// The elements of these items, each of `count` elements.
    func scaled(by count: Int) -> Range { lowerBound * count..<upperBound * count }
}
