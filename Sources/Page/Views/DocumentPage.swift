import Analysis
import Report

/// A document as one HTML file that needs no network.
public struct DocumentPage {
    /// What every such file begins with.
    public static let beginning = "<!doctype html>"

    private let document: Document

    public init(_ document: Document) { self.document = document }

    public var text: String {
        Page(title: document.title, address: Address([]), content: document.blocks.map(Self.html))
            .document(isSaved: true)
    }

    private static func html(_ block: Document.Block) -> HTML {
        switch block {
        case .heading(1, let text): .element("h1", [], [.text(text)])
        case .heading(2, let text): .element("h2", [], [.text(text)])
        case .heading(_, let text): .element("h3", [], [.text(text)])
        case .prose(let text): Markdown(text).html
        case .paragraph(let text): .paragraph(.text(text))
        case .listing(let text, _): .details("Spec", [listing(text)])
        case .python(let code, let does): .details(does, [listing(code)])
        case .table(let table): html(table)
        case .chart(let chart): .group(chart.panels.map { figure($0, of: chart) })
        }
    }

    private static func listing(_ text: String) -> HTML {
        .element("pre", [.plain("tabindex", "0")], [.code(text)])
    }

    private static func html(_ table: ReportTable) -> HTML {
        PageTable(
            caption: table.caption, columns: table.columns.map { .init($0.title, isNumeric: !$0.isText) },
            rows: table.rows.map { row in
                PageTable.Row(cells: row.map { $0.isBest ? .strong($0.text) : .text($0.text) })
            }
        ).html
    }

    private static func figure(_ panel: Chart.Panel, of chart: Chart) -> HTML {
        return CurveFigure(
            panel: panel, names: panel.layers.map(\.series).uniqued(), caption: "\(chart.title): \(panel.title)"
        ).html
    }
}
