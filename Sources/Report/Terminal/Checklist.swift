import Nouns

/// What was looked after, item by item: how it stands, and what to do where something is amiss.
public struct Checklist: Sendable {
    /// How an item stands.
    public enum State: String, Sendable {
        case ok
        /// Not there, and things go on without it.
        case missing
        /// Nothing can be done as it is.
        case broken
    }

    public struct Item: Sendable {
        public let section: String
        public let name: String
        public let state: State
        public let text: String
        /// What to do about it; nil where there is nothing to do.
        public let advice: String?

        public init(section: String, name: String, _ state: State, _ text: String, advice: String? = nil) {
            self.section = section
            self.name = name
            self.state = state
            self.text = text
            self.advice = advice
        }
    }

    public let items: [Item]

    public init(_ items: [Item]) { self.items = items }

    /// Whether nothing that is needed is broken.
    public var isSound: Bool { !items.contains { $0.state == .broken } }

    /// The items by section, a line each and as many more as its words take.
    public func text(for terminal: Terminal) -> String {
        let nameWidth = items.map { terminal.showable($0.name).displayWidth }.max() ?? 0
        let stateWidth = State.missing.rawValue.count
        let margin = String(repeating: " ", count: 2 + stateWidth + 2 + nameWidth + 2)
        let width = max(20, terminal.width - margin.count)
        var lines: [String] = []
        for (index, item) in items.enumerated() {
            if index == 0 || items[index - 1].section != item.section {
                lines += (index == 0 ? [] : [""]) + terminal.title(item.section)
            }
            let name = terminal.showable(item.name)
            let state = item.state.rawValue
            let head =
                "  " + terminal.styled(state, item.state.style)
                + String(repeating: " ", count: stateWidth - state.count + 2)
                + name + String(repeating: " ", count: nameWidth - name.displayWidth + 2)
            let text = terminal.showable(item.text).wrapped(to: width)
            let advice = item.advice.map { terminal.showable($0).wrapped(to: width) } ?? []
            lines += [head + (text.first ?? "")]
            lines += text.dropFirst().map { margin + $0 }
            lines += advice.map { margin + terminal.styled($0, .faint) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The same for programs.
    public func json() -> OrderedJSON {
        .array(
            items.map { item in
                .members([
                    "section": .string(item.section), "name": .string(item.name), "state": .string(item.state.rawValue),
                    "text": .string(item.text), "advice": item.advice.map { .string($0) } ?? .null,
                ])
            })
    }
}

extension Checklist.State {
    fileprivate var style: TextStyle {
        switch self {
        case .ok: TextStyle(code: "32")
        case .missing: TextStyle(code: "33")
        case .broken: TextStyle(code: "31")
        }
    }
}
