/// A pattern for names, in which `*` stands for any text, the empty one too: `conv*/kernel`.
public struct NamePattern: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let description: String
    private let pieces: [[Character]]

    public init(_ pattern: String) {
        description = pattern
        pieces = pattern.split(separator: "*", omittingEmptySubsequences: false).map(Array.init)
    }

    public init(stringLiteral pattern: String) { self.init(pattern) }

    /// Whether the whole name is as the pattern says.
    public func matches(_ name: String) -> Bool {
        var rest = Array(name)[...]
        guard let first = pieces.first, let last = pieces.last, rest.starts(with: first) else { return false }
        guard pieces.count > 1 else { return rest.count == first.count }
        rest = rest.dropFirst(first.count)
        // The first place where a piece fits leaves the most for those that follow.
        for piece in pieces.dropFirst().dropLast() {
            guard let start = rest.indices.first(where: { rest[$0...].starts(with: piece) }) else {
                if piece.isEmpty { continue }
                return false
            }
            rest = rest[(start + piece.count)...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}
