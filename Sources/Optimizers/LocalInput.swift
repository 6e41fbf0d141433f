/// Something that an optimizer looks at of every coordinate: a feature that problems tell by this name.
public struct LocalInput: Sendable, Hashable {
    public let name: String
    /// How many numbers it is; of each example, where it is told so.
    public let rows: Int

    public init(_ name: String, rows: Int) {
        self.name = name
        self.rows = rows
    }
}
