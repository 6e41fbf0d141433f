import JournalStore
import Nouns
import Report

/// What a browser is shown at an address.
struct Page {
    var title: String
    var address: Address
    /// Where it hangs: the pages above it.
    var trail: [(text: String, address: Address)] = []
    var content: [HTML]
    /// Whether something of it is being computed still, so that it is worth asking again soon.
    var isUnfinished = false

    /// All parts that change while trials run.
    var parts: [(id: String, piece: HTML)] { content.flatMap(\.parts) }

    /// The whole document.
    ///
    /// - Parameter isSaved: whether it is a file that stands alone: it holds its style, and asks for nothing elsewhere.
    func document(isSaved: Bool) -> String {
        var head = [
            "<meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
            "<meta name=\"color-scheme\" content=\"light dark\">",
        ]
        head.append(HTML.element("title", [], [.text("\(title) – journal")]).written())
        if isSaved {
            head.append(
                "<meta http-equiv=\"Content-Security-Policy\" "
                    + "content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            head.append("<style>\(Stylesheet.text)</style>")
        } else {
            head.append("<link rel=\"icon\" href=\"data:,\">")
            head.append("<link rel=\"stylesheet\" href=\"/style.css\">")
            head.append("<script src=\"/page.js\" defer></script>")
            if isUnfinished { head.append("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>") }
        }
        let body = HTML.element("body", [], [skip, banner, main]).written(isSaved: isSaved)
        return
            "<!doctype html>\n<html lang=\"en\">\n<head>\n\(head.joined(separator: "\n"))\n</head>\n\(body)\n</html>\n"
    }

    private var skip: HTML { .element("a", [.place("main"), .class("skip")], ["Skip to content"]) }

    private var banner: HTML {
        .element(
            "header", [.class("banner")],
            [
                .element(
                    "nav", [.plain("aria-label", "Pages above this one")],
                    [
                        .element(
                            "ol", [.class("trail")],
                            ([("journal", Address([]))] + trail).map { .element("li", [], [.link($0.0, $0.1)]) })
                    ]),
                .served([
                    .element("span", [.id("live"), .class("muted"), .plain("role", "status")], []),
                    .element(
                        "a", [.to(address.saved), .class("save"), .plain("download", "")],
                        ["Save as a file"]),
                ]),
            ])
    }

    private var main: HTML {
        .element("main", [.id("main"), .plain("tabindex", "-1")], content)
    }
}

/// What pages are made from.
struct PageRequest {
    let journal: Journal
    /// How the results of each kind of trials are told.
    let kinds: [TrialKindSummary]
    let address: Address
    let sections: SectionCache
    /// What a form has to send so that it is known to come from a page of this server.
    let token: String

    /// The answer to one question; nil where it is not asked or empty.
    func asked(_ name: String) -> String? {
        address.query.last { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// All answers to one question.
    func all(_ name: String) -> [String] { address.query.filter { $0.name == name }.map(\.value) }

    func summary(_ kind: TrialKindName) -> TrialKindSummary? { kinds.first { $0.kind == kind } }

    /// What the vertical axes of charts are.
    var scale: Chart.Axis.Scale { asked("scale").flatMap(Chart.Axis.Scale.init(rawValue:)) ?? .automatic }

    /// The range of steps that charts show; nil for all.
    var range: ClosedRange<Int>? {
        guard let from = asked("from").flatMap(Int.init), let to = asked("to").flatMap(Int.init), from < to else {
            return nil
        }
        return from...to
    }
}

extension ExperimentRecord {
    var address: Address { Address(["experiments", reference]) }
}

extension TrialRecord {
    var address: Address { Address(["trials", String(id)]) }
    /// What it is, in words.
    var title: String { "\(optimizer) on \(problem), seed \(seed)" }
}
