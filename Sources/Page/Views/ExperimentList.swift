import Foundation
import JournalStore
import Report
import Wording

/// The front page: all experiments, each with how far it has come.
struct ExperimentList {
    let request: PageRequest

    private struct Entry {
        var version: ExperimentRecord
        var progress: ExperimentProgress
        /// How many older versions of the name there are; 0 where all versions are shown.
        var older: Int
        var tags: [String]
    }

    func page() throws -> Page {
        let entries = try entries()
        let shown = page(of: entries)
        return Page(
            title: "Experiments", address: request.address,
            content: [
                .element("h1", [], ["Experiments"]),
                .served([form]),
                .part(
                    id: "experiments",
                    [
                        entries.isEmpty
                            ? .note(
                                search == nil
                                    ? "This journal has no experiments yet: journal run begins one." : "None fits.")
                            : table(shown).html,
                        pages(entries.count),
                    ]),
            ])
    }

    private var search: String? { request.asked("search") }
    private var order: String { request.asked("order") ?? "newest" }
    private var showsAll: Bool { request.asked("versions") == "all" }
    private var showsArchived: Bool { request.asked("archived") != nil }
    private var place: Int { max(0, (request.asked("page").flatMap(Int.init) ?? 1) - 1) }
    private static let pageLength = 100

    private func entries() throws -> [Entry] {
        let progress = try request.journal.progress()
        let versions = try request.journal.experiments()
        let tags = try request.journal.tags()
        let archived = try Set(request.journal.archivedExperiments().keys)
        var counts: [String: Int] = [:]
        for version in versions { counts[version.name, default: 0] += 1 }
        var seen: Set<String> = []
        var entries: [Entry] = []
        for version in versions.reversed() {
            guard seen.insert(version.name).inserted || showsAll else { continue }
            guard showsArchived == archived.contains(version.name) else { continue }
            entries.append(
                Entry(
                    version: version, progress: progress[version.id] ?? ExperimentProgress(),
                    older: showsAll ? 0 : (counts[version.name] ?? 1) - 1,
                    tags: tags[version.name] ?? []))
        }
        if let words = search?.lowercased().split(separator: " ") {
            entries.removeAll { entry in
                let text =
                    "\(entry.version.reference) \(entry.version.question ?? "") \(entry.tags.joined(separator: " "))"
                    .lowercased()
                return !words.allSatisfy { text.contains($0) }
            }
        }
        switch order {
        case "name": entries.sort { ($0.version.name, $1.version.id) < ($1.version.name, $0.version.id) }
        case "active": entries.sort { $0.progress.lastActivity ?? "" > $1.progress.lastActivity ?? "" }
        case "trials": entries.sort { $0.progress.total > $1.progress.total }
        default: break
        }
        return entries
    }

    private func page(of entries: [Entry]) -> ArraySlice<Entry> {
        entries.dropFirst(place * Self.pageLength).prefix(Self.pageLength)
    }

    private func pages(_ count: Int) -> HTML {
        PageLinks(address: request.address, place: place, length: Self.pageLength, count: count, things: "experiments")
            .html
    }

    private var form: HTML {
        .form(
            [.plain("method", "get"), .action(Address([])), .plain("role", "search"), .flag("data-auto")],
            [
                .field("Search", name: "search", search ?? ""),
                .choice(
                    "Order", name: "order",
                    [
                        ("newest", "newest first"), ("active", "last active first"), ("name", "by name"),
                        ("trials", "most trials first"),
                    ], chosen: order),
                .choice(
                    "Versions", name: "versions", [("", "the newest of each"), ("all", "all")],
                    chosen: showsAll ? "all" : ""),
                .choice(
                    "Archive", name: "archived", [("", "not archived"), ("yes", "archived")],
                    chosen: showsArchived ? "yes" : ""),
                .button("Show"),
            ])
    }

    private func table(_ entries: ArraySlice<Entry>) -> PageTable {
        PageTable(
            caption: "Experiments of the journal",
            columns: [
                .init("experiment"), .init("progress"), .init("began", isNumeric: true),
                .init("last activity", isNumeric: true),
            ],
            rows: entries.map { entry in
                let version = entry.version
                let older = entry.older == 0 ? "" : ", and \(counted(entry.older, "older version"))"
                return PageTable.Row(cells: [
                    .group([
                        .element("a", [.to(version.address), .class("name")], [.text(version.name)]),
                        .span("muted hash", "@\(version.hash.prefix(8))\(older)"),
                        entry.tags.isEmpty
                            ? .nothing
                            : .element(
                                "ul", [.class("tags"), .plain("aria-label", "Tags")],
                                entry.tags.map { .element("li", [], [.text($0)]) }),
                        version.question.map { .element("p", [.class("question")], [.text($0)]) } ?? .nothing,
                    ]),
                    ProgressView(progress: entry.progress).html,
                    TimeText.html(version.createdAt),
                    TimeText.html(entry.progress.lastActivity),
                ])
            }, name: "experiments")
    }
}

/// Links to the pages of a long list.
struct PageLinks {
    let address: Address
    let place: Int
    let length: Int
    let count: Int
    let things: String

    var html: HTML {
        guard count > length else {
            return count == 0 ? .nothing : .note("\(count) \(count == 1 ? String(things.dropLast()) : things)")
        }
        let last = (count - 1) / length
        let from = place * length + 1
        let shown = "\(from) to \(min(count, from + length - 1)) of \(NumberText.grouped(Double(count))) \(things)"
        func link(_ text: String, _ target: Int) -> HTML {
            (0...last).contains(target) && target != place
                ? .element("a", [.to(address.with("page", target == 0 ? nil : String(target + 1)))], [.text(text)])
                : .span("muted", text)
        }
        return .element(
            "nav", [.class("pages"), .plain("aria-label", "Pages of the list of \(things)")],
            [
                .text(shown),
                .served([link("first", 0), link("previous", place - 1), link("next", place + 1), link("last", last)]),
            ])
    }
}
