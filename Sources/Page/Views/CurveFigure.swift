import Analysis
import Foundation
import Report

/// A chart in a page, with its legend and with its data as a table.
struct CurveFigure {
    var panel: Chart.Panel
    /// Of all series of the page.
    var names: [String]
    /// What is to be said of it.
    var caption: String

    var html: HTML {
        let picture = PanelPicture(panel, names: names)
        var attributes: [Attribute] = [.class("figure")]
        if let axes = picture.axes {
            attributes += [
                .plain("data-from", "\(axes.extent.lowerBound)"), .plain("data-to", "\(axes.extent.upperBound)"),
                .plain("data-left", "\(axes.horizontal.lowerBound)"),
                .plain("data-right", "\(axes.horizontal.upperBound)"),
                .plain("data-top", "\(axes.vertical.lowerBound)"), .plain("data-bottom", "\(axes.vertical.upperBound)"),
            ]
        }
        return .element(
            "figure", attributes,
            [.picture(picture), legend, .element("figcaption", [], [.text(caption)]), table])
    }

    private var legend: HTML {
        let shown = panel.layers.map(\.series).filter(names.contains).uniqued()
        guard shown.count > 1 else { return .nothing }
        return .element(
            "ul", [.class("legend")],
            shown.map { name in
                let index = names.firstIndex(of: name) ?? 0
                let note = panel.layers.first { $0.series == name && $0.note != nil }?.note
                return .element(
                    "li", [.series(index), .plain("tabindex", "0")],
                    [Self.swatch(index), .text(name), note.map { .span("muted", " \($0)") } ?? .nothing])
            })
    }

    static func swatch(_ index: Int) -> HTML { .picture(PanelPicture(swatch: index)) }

    private var table: HTML {
        guard let table = Chart(title: "", panels: [panel]).tables.first, !table.rows.isEmpty else { return .nothing }
        return .details(
            "Data as a table",
            [
                PageTable(
                    caption: table.title,
                    columns: table.columns.enumerated().map { .init($1, isNumeric: $0 > 0) },
                    rows: table.rows.map { PageTable.Row(cells: $0.map(HTML.text)) }, name: "data"
                ).html
            ])
    }
}

extension Attribute {
    /// What stands for a series, so that it can be told from others in all charts of the page: its colour's number.
    static func series(_ index: Int) -> Attribute { .plain("data-series", String(index % PanelPicture.colours)) }
}
