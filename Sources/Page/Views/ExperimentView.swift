import Analysis
import Foundation
import JournalStore
import Nouns
import Report
import Wording

/// One version of an experiment: what it asks, what was concluded, how far it is, what came out, what was run.
struct ExperimentView {
    let request: PageRequest
    let experiment: ExperimentRecord
    let groups: [TrialGroup]

    /// - Throws: `JournalError` where there is no such version.
    init(_ reference: String, _ request: PageRequest) throws {
        self.request = request
        experiment = try request.journal.experiment(named: reference)
        groups = try request.journal.trialGroups(of: experiment.id)
    }

    func page() async throws -> Page {
        let progress = try request.journal.progress(of: experiment.id)[experiment.id] ?? ExperimentProgress()
        let results = await ExperimentResults(view: self, progress: progress).sections()
        let notes = try NotesView(request, on: experiment)
        return Page(
            title: experiment.reference, address: request.address, trail: [(experiment.name, experiment.address)],
            content: try [
                .element(
                    "h1", [],
                    [
                        .text(experiment.name),
                        .element("small", [.class("hash")], [.text("@\(experiment.hash.prefix(12))")]),
                    ]),
                experiment.question.map { .element("p", [.class("lead")], [.text($0)]) } ?? .nothing,
                tags(),
                .part(id: "progress", [ProgressView(progress: progress).html]),
                notes.conclusion,
                .part(id: "results", results.pieces),
                notes.html,
                ExperimentTrials(view: self).html(),
                differences(),
                spec,
                provenance(),
            ], isUnfinished: !results.areCurrent)
    }

    private func tags() throws -> HTML {
        let tags = try request.journal.tags().first { $0.key == experiment.name }?.value ?? []
        let isArchived = try request.journal.archivedExperiments().keys.contains { $0 == experiment.name }
        let all = (isArchived ? ["archived"] : []) + tags
        guard !all.isEmpty else { return .nothing }
        return .element(
            "ul", [.class("tags"), .plain("aria-label", "Tags")], all.map { .element("li", [], [.text($0)]) })
    }

    /// What differs from the version before, and nothing else.
    private func differences() throws -> HTML {
        let versions = try request.journal.experiments(named: experiment.name)
        guard versions.count > 1 else { return .nothing }
        let others = HTML.element(
            "ul", [.class("versions")],
            versions.reversed().map { version in
                .element(
                    "li", version.id == experiment.id ? [.plain("aria-current", "page")] : [],
                    [.link(version.reference, version.address), " ", TimeText.html(version.createdAt)])
            })
        guard let before = versions.last(where: { $0.id < experiment.id }),
            let new = JSONValue(parsing: experiment.canonicalSpec), let old = JSONValue(parsing: before.canonicalSpec)
        else { return .section("versions", "Versions", [others]) }
        let rows = new.differences(from: old).map { difference in
            PageTable.Row(cells: [
                .code("\(difference.path)"), .text(difference.old?.wording ?? "not given"),
                .text(difference.new?.wording ?? "not given"),
            ])
        }
        return .section(
            "versions", "What differs from the version before",
            [
                rows.isEmpty
                    ? .note("Nothing that decides results.")
                    : PageTable(
                        caption: "Fields of the spec that differ from \(before.reference)",
                        columns: [.init("field"), .init("before"), .init("here")], rows: rows
                    ).html,
                .details("All \(versions.count) versions", [others], id: "all-versions"),
            ])
    }

    private var spec: HTML {
        .section(
            "spec", "Spec",
            [
                .details(
                    "The spec as it was recorded",
                    [.element("pre", [.plain("tabindex", "0")], [.code(experiment.spec)])], id: "spec-text"),
                .details(
                    "As it was run, with what --set changed",
                    [
                        .element(
                            "pre", [.plain("tabindex", "0")],
                            [
                                .code(
                                    JSONValue(parsing: experiment.canonicalSpec)?.indentedText
                                        ?? experiment.canonicalSpec)
                            ])
                    ], id: "spec-run"),
            ])
    }

    private func provenance() throws -> HTML {
        .section(
            "provenance", "Provenance",
            [
                .facts([
                    ("version", experiment.reference), ("hash of the spec", experiment.hash),
                    ("registered", "\(TimeText.minute(experiment.createdAt)) UTC"),
                    ("by", "journal \(experiment.programVersion)"), ("journal", request.journal.path),
                ])
            ])
    }
}

/// The page of an experiment's trials, with their order and filters, to tick some and compare them.
struct ExperimentTrials {
    let view: ExperimentView

    private static let pageLength = 100
    private var request: PageRequest { view.request }

    func html() throws -> HTML {
        let (trials, count) = try request.journal.trials(listing)
        return .section(
            "trials", "Trials",
            [
                .served([form]),
                .form(
                    [.plain("method", "get"), .action(Address(["compare"])), .id("tick-trials")],
                    [
                        .served([
                            .element("div", [.class("actions")], [.button("Compare the ticked trials")])
                        ]),
                        .part(
                            id: "trials",
                            [
                                count == 0 ? .note("None fits.") : try table(trials).html,
                                PageLinks(
                                    address: request.address, place: place, length: Self.pageLength, count: count,
                                    things: "trials"
                                ).html,
                            ]),
                    ]),
            ])
    }

    private var place: Int { max(0, (request.asked("page").flatMap(Int.init) ?? 1) - 1) }

    private var listing: TrialListing {
        var listing = TrialListing(experiment: view.experiment.id, limit: Self.pageLength)
        listing.kind = request.asked("kind").map(TrialKindName.init(rawValue:))
        listing.problem = request.asked("problem")
        listing.optimizer = request.asked("optimizer")
        listing.status = request.asked("status").flatMap(TrialStatus.init(rawValue:))
        listing.search = request.asked("search")
        listing.order = order
        listing.isDescending = request.asked("descending") != nil
        listing.offset = place * Self.pageLength
        return listing
    }

    private var order: TrialListing.Order {
        switch request.asked("order") {
        case nil, "position": .position
        case "problem": .problem
        case "optimizer": .optimizer
        case "seed": .seed
        case "status": .status
        case "seconds": .seconds
        case .some(let name): .result(Metric(name))
        }
    }

    private var form: HTML {
        func options(_ values: [String]) -> [(value: String, text: String)] {
            [("", "all")] + values.uniqued().map { ($0, $0) }
        }
        return .form(
            [.plain("method", "get"), .action(view.experiment.address), .plain("role", "search"), .flag("data-auto")],
            [
                .field("Search", name: "search", request.asked("search") ?? ""),
                .choice(
                    "Kind", name: "kind", options(view.groups.map(\.kind.rawValue)), chosen: request.asked("kind") ?? ""
                ),
                .choice(
                    "Problem", name: "problem", options(view.groups.map(\.problem)),
                    chosen: request.asked("problem") ?? ""),
                .choice(
                    "Optimizer", name: "optimizer", options(view.groups.map(\.optimizer)),
                    chosen: request.asked("optimizer") ?? ""),
                .choice(
                    "Status", name: "status", options(TrialStatus.allCases.map(\.rawValue)),
                    chosen: request.asked("status") ?? ""),
                .button("Show"),
            ])
    }

    private func table(_ trials: [TrialRecord]) throws -> PageTable {
        let metrics = TrialTable.metrics(of: trials)
        // Of a trial that has ended its results say it.
        let isUnderWay = trials.contains { $0.startedAt != nil && $0.results == nil }
        var columns = [
            head("trial", "position", isNumeric: false), head("problem", "problem", isNumeric: false),
            head("optimizer", "optimizer", isNumeric: false), head("seed", "seed"),
            head("status", "status", isNumeric: false),
        ]
        if isUnderWay { columns.append(.init("last value", isNumeric: true)) }
        for metric in metrics { columns.append(head(TrialTable.words(metric), metric.rawValue)) }
        columns.append(.init("steps", isNumeric: true))
        columns.append(head("seconds", "seconds"))
        let rows = try trials.map { trial in
            var cells: [HTML] = [
                .group([.served([tick(trial)]), .link(String(trial.id), trial.address)]), .text(trial.problem),
                .text(trial.optimizerName), .text(String(trial.seed)), trial.status.badge,
            ]
            if isUnderWay { cells.append(.text(try lastValue(of: trial))) }
            for metric in metrics { cells.append(.text(TrialTable.text(metric, of: trial))) }
            cells.append(.text(NumberText.grouped(Double(trial.steps))))
            cells.append(.text(trial.results.map { NumberText.significant($0.seconds, digits: 3) } ?? ""))
            return PageTable.Row(cells: cells)
        }
        return PageTable(
            caption: "Trials of \(view.experiment.reference)", columns: columns, rows: rows, name: "trials")
    }

    private func tick(_ trial: TrialRecord) -> HTML {
        .element(
            "input",
            [
                .plain("type", "checkbox"), .plain("name", "trial"), .plain("value", String(trial.id)),
                .plain("aria-label", "Tick trial \(trial.id), \(trial.title)"),
            ], [])
    }

    /// The newest point of the curve that is drawn of its kind.
    private func lastValue(of trial: TrialRecord) throws -> String {
        guard trial.startedAt != nil, trial.results == nil, let curve = request.summary(trial.kind)?.curve else {
            return ""
        }
        let ends = try request.journal.curveEnds(of: trial.id)
        return ends.first { $0.metric == curve }.map { NumberText.significant($0.last) } ?? ""
    }

    /// A column's head, with a link that orders by it, and the other way round when it is so already.
    private func head(_ title: String, _ key: String, isNumeric: Bool = true) -> PageTable.Column {
        let isOrder = (request.asked("order") ?? "position") == key
        let isDescending = listing.isDescending
        let address = request.address.with("page", nil).with("order", key == "position" ? nil : key)
            .with("descending", isOrder && !isDescending ? "yes" : nil)
        let mark = isOrder ? (isDescending ? " ↓" : " ↑") : ""
        return PageTable.Column(
            .element("a", [.to(address)], [.text(title + mark)]), isNumeric: isNumeric,
            order: isOrder ? (isDescending ? "descending" : "ascending") : nil)
    }
}

/// What tables of trials have in common.
enum TrialTable {
    /// The results that some of them have, those of every optimization first.
    static func metrics(of trials: [TrialRecord]) -> [Metric] {
        let all = Set(trials.flatMap { $0.results.map { Array($0.values.keys) } ?? [] })
        let others = all.subtracting(TrialResults.columns).sorted { $0.rawValue < $1.rawValue }
        return TrialResults.columns.filter(all.contains) + others.prefix(4)
    }

    static func words(_ metric: Metric) -> String {
        metric.rawValue.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
    }

    static func text(_ metric: Metric, of trial: TrialRecord) -> String {
        guard let value = trial.results?[metric] else { return "" }
        return metric == .accuracy ? NumberText.percentage(value) : NumberText.significant(value)
    }
}
