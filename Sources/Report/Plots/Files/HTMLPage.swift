/// A chart as a page that stands alone: the picture, light or dark as the reader's system is, and its numbers as tables.
public struct HTMLPage {
    static let beginning = "<!doctype html>\n<!-- A chart of a journal. -->"

    private let chart: Chart

    public init(_ chart: Chart) { self.chart = chart }

    public var text: String {
        """
        \(Self.beginning)
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(SVGText.escaped(chart.title))</title>
        <style>
        \(Theme.styleSheet)
        body{margin:0 auto;padding:1rem;max-width:60rem;background:var(--chart-background);color:var(--chart-text);\
        font:15px/1.45 system-ui,sans-serif}
        svg{max-width:100%;height:auto}
        .narrow{display:none}
        @media (max-width:600px){.wide{display:none}.narrow{display:block}}
        .numbers{overflow-x:auto}
        table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:600;padding:.25rem 0}
        th,td{text-align:left;padding:.2rem 1rem .2rem 0;border-bottom:1px solid var(--chart-grid)}
        </style>
        </head>
        <body>
        <div class="wide">
        \(chart.svg(theme: .page, width: 900))</div>
        <div class="narrow">
        \(chart.svg(theme: .page, width: 400))</div>
        <details>
        <summary>The same in numbers</summary>
        \(chart.tables.map(\.html).joined(separator: "\n"))
        </details>
        </body>
        </html>

        """
    }
}

extension Chart.Table {
    /// As an element of a page.
    public var html: String {
        let head = columns.map { "<th scope=\"col\">\(SVGText.escaped($0))</th>" }.joined()
        let body = rows.map { row in "<tr>\(row.map { "<td>\(SVGText.escaped($0))</td>" }.joined())</tr>" }
        return """
            <div class="numbers"><table>
            <caption>\(SVGText.escaped(title))</caption>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body.joined(separator: "\n"))
            </tbody>
            </table></div>
            """
    }
}
