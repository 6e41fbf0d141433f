import FlyingFox
import Foundation
import JournalStore
import Nouns

/// Which page stands at which address.
struct PageRouter: HTTPHandler {
    let door: JournalDoor
    let kinds: [TrialKindSummary]
    let gate: RequestGuard
    let sections: SectionCache

    func handleRequest(_ request: HTTPRequest) async -> HTTPResponse {
        if let reason = gate.refusal(of: request) { return Answers.refusal(reason, .forbidden) }
        guard let address = Address(request.target) else {
            return Answers.refusal("the address is not one", .badRequest)
        }
        switch request.method {
        case .GET: return await get(address)
        case .HEAD:
            var response = await get(address)
            if case .httpBody(let body) = response.payload, let count = body.count {
                response.headers[.contentLength] = String(count)
            }
            response.payload = .httpBody(HTTPBodySequence())
            return response
        case .POST: return await post(request)
        default: return Answers.refusal("only GET, HEAD and the page's own forms are answered", .methodNotAllowed)
        }
    }

    private func get(_ address: Address) async -> HTTPResponse {
        switch address.path {
        case "/style.css": return Answers.text(Stylesheet.text, "text/css; charset=utf-8")
        case "/page.js": return Answers.text(Script.text, "text/javascript; charset=utf-8")
        case "/live":
            guard let page = address.query.first(where: { $0.name == "page" }).flatMap({ Address(text: $0.value) })
            else {
                return Answers.refusal("the address is not one", .badRequest)
            }
            return HTTPResponse(
                statusCode: .ok, headers: Answers.headers("text/event-stream"),
                body: HTTPBodySequence(from: LiveStream(page: page, router: self)))
        default: return await answer(address)
        }
    }

    private func answer(_ address: Address) async -> HTTPResponse {
        let isSaved = address.query.contains { $0.name == "static" }
        do {
            let journal = try door.open()
            defer { door.putBack(journal) }
            var page = try await page(at: address, from: journal)
            // A file is saved once: it waits until all of it is there.
            while isSaved, page.isUnfinished {
                try await Task.sleep(for: .milliseconds(50))
                page = try await self.page(at: address, from: journal)
            }
            return Answers.html(
                page.document(isSaved: isSaved),
                more: isSaved
                    ? [.contentDisposition: "attachment; filename=\"\(Self.fileName(page.title))\""] : [:])
        } catch let error as JournalError {
            return fault(error.message, address, error.kind == .missing ? .notFound : .internalServerError)
        } catch {
            return fault("\(error)", address, .internalServerError)
        }
    }

    func fault(_ message: String, _ address: Address, _ status: HTTPStatusCode) -> HTTPResponse {
        let page = Page(
            title: "Not found", address: address,
            content: [
                .element("h1", [], [.text(status == .notFound ? "Not found" : "This did not work")]),
                .element("p", [], [.text("\(message).")]), .link("All experiments", Address([])),
            ])
        return Answers.html(page.document(isSaved: false), status: status)
    }

    /// The page at an address, as it is now.
    ///
    /// - Throws: `JournalError` where there is none.
    func page(at address: Address, from journal: Journal) async throws -> Page {
        let request = PageRequest(
            journal: journal, kinds: kinds, address: address, sections: sections, token: gate.token)
        let steps = address.steps
        switch (steps.first, steps.count) {
        case (nil, 0): return try ExperimentList(request: request).page()
        case ("experiments", 2): return try await ExperimentView(steps[1], request).page()
        case ("trials", 2):
            guard let id = Int64(steps[1]) else { break }
            return try TrialView(id, request).page()
        case ("compare", 1): return try await CompareView(request: request).page()
        default: break
        }
        throw JournalError(.missing, "there is no page \(address.path)")
    }

    /// A file's name that no file system and no header stumbles over.
    private static func fileName(_ title: String) -> String {
        let safe = title.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_@.".contains($0)) ? $0 : "-" }
        return "journal-\(String(safe.prefix(80))).html"
    }
}

extension Address {
    /// Of a request's first line; nil where it is not the path of a page.
    init?(_ target: HTTPRequest.Target) { self.init(text: target.rawValue) }

    init?(text: String) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.hasPrefix("/") else { return nil }
        let steps = path.dropFirst().split(separator: "/").map { $0.removingPercentEncoding }
        guard !steps.contains(nil) else { return nil }
        self.init(steps.compactMap(\.self), Self.fields(parts.count > 1 ? parts[1] : ""))
    }

    /// The fields of a form, as a browser sends them.
    static func fields(_ text: Substring) -> [(name: String, value: String)] {
        func plain(_ text: Substring) -> String {
            let spaced = text.replacingOccurrences(of: "+", with: " ")
            return spaced.removingPercentEncoding ?? spaced
        }
        return text.split(separator: "&").map { field in
            let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (plain(sides[0]), sides.count > 1 ? plain(sides[1]) : "")
        }
    }

    /// The parts of the path, in plain text.
    var steps: [String] { path.dropFirst().split(separator: "/").compactMap { $0.removingPercentEncoding } }
}
