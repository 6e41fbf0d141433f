import FlyingFox
import FlyingSocks
import Foundation
import JournalStore

/// What changes on a page while trials run, as server-sent events: each part that looks otherwise than before is sent
/// anew, whole.
struct LiveStream: AsyncBufferedSequence, Sendable {
    typealias Element = UInt8

    let page: Address
    let router: PageRouter

    func makeAsyncIterator() -> Iterator { Iterator(page: page, router: router) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        /// Seconds between two looks at the journal; after a page that took long, as many times that as this says.
        private static let pause = 0.5
        private static let rest = 5.0
        /// Seconds after which the page is made again although the journal has not changed: a process may have ended.
        private static let patience = 10.0

        let page: Address
        let router: PageRouter
        private var journal: Journal?
        private var version: Int64?
        private var sent: [String: Int]?
        private var wait = 0.0
        private var lastMade = Date.distantPast
        private var isUnfinished = false

        init(page: Address, router: PageRouter) {
            self.page = page
            self.router = router
        }

        mutating func next() async throws -> UInt8? { nil }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            // The browser knows from this that it is heard, and how soon to ask again when the stream ends.
            if sent == nil {
                sent = [:]
                return Array("retry: 2000\n\n".utf8)
            }
            while true {
                if wait > 0, (try? await Task.sleep(for: .seconds(wait))) == nil { return nil }
                let begin = Date.now
                wait = Self.pause
                guard try isChanged() || begin > lastMade + Self.patience || isUnfinished else { continue }
                let events = try await events()
                lastMade = .now
                wait = Swift.max(Self.pause, Self.rest * Date.now.timeIntervalSince(begin))
                // One that finds nobody listening ends the stream.
                return Array((events.isEmpty ? ": as before\n\n" : events).utf8)
            }
        }

        private mutating func isChanged() throws -> Bool {
            if let journal, journal.isCurrent {
                let now = try journal.dataVersion()
                defer { version = now }
                return now != version
            }
            try? journal?.close()
            journal = try router.door.open()
            version = try journal?.dataVersion()
            return true
        }

        private mutating func events() async throws -> String {
            guard let journal, let made = try? await router.page(at: page, from: journal) else { return "" }
            isUnfinished = made.isUnfinished
            var events = ""
            for (id, piece) in made.parts {
                let text = piece.written()
                guard sent?.updateValue(text.hashValue, forKey: id) != text.hashValue else { continue }
                events += "event: part\n" + text.split(separator: "\n").map { "data: \($0)\n" }.joined() + "\n"
            }
            return events
        }
    }
}
