/// Short names for what pages are made of.
extension HTML {
    static func div(_ name: String, _ pieces: HTML...) -> HTML { .element("div", [.class(name)], pieces) }
    static func span(_ name: String, _ text: String) -> HTML { .element("span", [.class(name)], [.text(text)]) }
    static func paragraph(_ pieces: HTML...) -> HTML { .element("p", [], pieces) }
    static func note(_ text: String) -> HTML { .element("p", [.class("muted")], [.text(text)]) }
    static func code(_ text: String) -> HTML { .element("code", [], [.text(text)]) }
    static func strong(_ text: String) -> HTML { .element("strong", [], [.text(text)]) }
    static func link(_ text: String, _ address: Address) -> HTML { .element("a", [.to(address)], [.text(text)]) }

    /// A region with a heading that names it.
    static func section(_ id: String, _ title: String, _ pieces: [HTML]) -> HTML {
        .element(
            "section", [.plain("aria-labelledby", "\(id)-title"), .class("section-\(id)")],
            [.element("h2", [.id("\(id)-title")], [.text(title)])] + pieces)
    }

    /// What is shown when it is asked for.
    static func details(_ summary: String, _ pieces: [HTML], id: String? = nil, isOpen: Bool = false) -> HTML {
        .element(
            "details", (id.map { [.id($0)] } ?? []) + (isOpen ? [.flag("open")] : []),
            [.element("summary", [], [.text(summary)])] + pieces)
    }

    /// A list of names with what is said of each; entries without a text are left out.
    static func facts(_ facts: [(name: String, value: HTML?)]) -> HTML {
        .element(
            "dl", [],
            facts.compactMap { name, value in
                value.map { .group([.element("dt", [], [.text(name)]), .element("dd", [], [$0])]) }
            })
    }

    static func facts(_ facts: [(name: String, value: String?)]) -> HTML {
        .facts(facts.map { ($0.name, $0.value.map(HTML.text)) })
    }

    static func hidden(_ name: String, _ value: String) -> HTML {
        .element("input", [.plain("type", "hidden"), .plain("name", name), .plain("value", value)], [])
    }

    /// A choice among a few, of which one is chosen.
    static func choice(
        _ label: String, name: String, _ options: [(value: String, text: String)], chosen: String
    ) -> HTML {
        .element(
            "label", [],
            [
                .text(label),
                .element(
                    "select", [.plain("name", name)],
                    options.map { option in
                        .element(
                            "option",
                            [.plain("value", option.value)] + (option.value == chosen ? [.flag("selected")] : []),
                            [.text(option.text)])
                    }),
            ])
    }

    static func field(_ label: String, name: String, _ value: String, type: String = "search") -> HTML {
        .element(
            "label", [],
            [
                .text(label),
                .element(
                    "input", [.plain("type", type), .plain("name", name), .plain("value", value)], []),
            ])
    }

    static func button(_ text: String) -> HTML { .element("button", [.plain("type", "submit")], [.text(text)]) }
}

/// A table of a page: a caption, heads, rows.
struct PageTable {
    struct Column {
        var title: HTML
        var isNumeric: Bool
        /// How rows are ordered by it; nil where they are not.
        var order: String?

        init(_ title: String, isNumeric: Bool = false, order: String? = nil) {
            self.title = .text(title)
            self.isNumeric = isNumeric
            self.order = order
        }

        init(_ title: HTML, isNumeric: Bool = false, order: String? = nil) {
            self.title = title
            self.isNumeric = isNumeric
            self.order = order
        }
    }

    struct Row {
        var cells: [HTML]
        var attributes: [Attribute] = []
        /// The first cell names the row.
        var isNamed = true
    }

    var caption: String
    var columns: [Column]
    var rows: [Row]
    var name = "plain"

    var html: HTML {
        .element(
            "div",
            [.class("scroll"), .plain("tabindex", "0"), .plain("role", "region"), .plain("aria-label", caption)],
            [
                .element(
                    "table", [.class(name)],
                    [
                        .element("caption", [], [.text(caption)]),
                        .element("thead", [], [.element("tr", [], columns.map(head))]),
                        .element("tbody", [], rows.map(body)),
                    ])
            ])
    }

    private func head(_ column: Column) -> HTML {
        .element(
            "th",
            [.plain("scope", "col")] + (column.isNumeric ? [.class("number")] : [])
                + (column.order.map { [.plain("aria-sort", $0)] } ?? []), [column.title])
    }

    private func body(_ row: Row) -> HTML {
        .element(
            "tr", row.attributes,
            row.cells.enumerated().map { index, cell in
                let isNumeric = columns.indices.contains(index) && columns[index].isNumeric
                return index == 0 && row.isNamed
                    ? .element("th", [.plain("scope", "row")], [cell])
                    : .element("td", isNumeric ? [.class("number")] : [], [cell])
            })
    }
}
