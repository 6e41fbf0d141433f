/// Something to read that stands alone: prose, listings, tables and charts, one after the other, whatever it is written as.
public struct Document: Sendable {
    public var title: String
    public var blocks: [Block]

    public init(title: String, blocks: [Block] = []) {
        self.title = title
        self.blocks = blocks
    }

    /// A part of a document.
    public enum Block: Sendable {
        /// A heading; 1 is the document's own.
        case heading(Int, String)
        /// Prose as a person wrote it, in Markdown.
        case prose(String)
        /// A paragraph of the program's: text in which no sign means anything.
        case paragraph(String)
        /// Text in a fixed width, such as a spec.
        case listing(String, language: String)
        case table(ReportTable)
        case chart(Chart)
        /// Python that reads the journal, what a reader may go on from, and what it does.
        case python(String, does: String)
    }
}
