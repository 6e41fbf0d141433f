import Testing

@testable import Page

@Suite struct HTMLTests {
    @Test func textIsNeverMarkup() {
        let hostile = "<script>alert('x')</script>&\"\u{0}"
        let written = HTML.element("p", [.plain("title", hostile)], [.text(hostile)]).written()
        #expect(!written.contains("<script"))
        #expect(written.filter { $0 == "<" }.count == 2)
        #expect(written.contains("&#39;x&#39;"))
        #expect(!written.contains("\u{0}"))
    }

    @Test func aLinkRunsNoScript() {
        #expect(Attribute.web("javascript:alert(1)") == nil)
        #expect(Attribute.web("JavaScript:alert(1)") == nil)
        #expect(Attribute.web("data:text/html,x") == nil)
        #expect(Attribute.web("https://example.org/?a=1&b=2") != nil)
    }

    @Test func aFileThatStandsAloneLeadsNowhere() {
        let page = Page(
            title: "A", address: Address(["trials", "1"]),
            content: [
                .link("a trial", Address(["trials", "2"])), .served([.element("form", [.action(Address([]))], [])]),
            ])
        let saved = page.document(isSaved: true)
        #expect(!saved.contains("href=\"/"))
        #expect(!saved.contains("<script"))
        #expect(!saved.contains("<form"))
        #expect(saved.contains("a trial"))
        #expect(page.document(isSaved: false).contains("href=\"/trials/2\""))
    }

    @Test func addressesKeepWhatNamesHold() throws {
        let address = Address(["experiments", "a b/c?d@12"], [("search", "x&y=z"), ("static", "")])
        let read = try #require(Address(text: address.text))
        #expect(read == address)
        #expect(read.steps == ["experiments", "a b/c?d@12"])
        #expect(read.query.first?.value == "x&y=z")
    }
}

@Suite struct MarkdownTests {
    private func html(_ text: String) -> String { Markdown(text).html.written() }

    @Test func whatNotesAreWrittenIn() {
        #expect(html("One\ntwo\n\nthree").contains("<p>One\ntwo</p><p>three</p>"))
        #expect(html("# Title").contains("<h4>Title</h4>"))
        #expect(html("- a\n- b **c**").contains("<ul><li>a</li><li>b <strong>c</strong></li></ul>"))
        #expect(html("1. a\n2. b").contains("<ol><li>a</li><li>b</li></ol>"))
        #expect(html("`a<b`").contains("<code>a&lt;b</code>"))
        #expect(html("```\n<b>\n```").contains("<code>&lt;b&gt;</code>"))
        #expect(html("> said").contains("<blockquote>said</blockquote>"))
        #expect(html("[here](https://example.org/a)").contains("<a href=\"https://example.org/a\""))
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](https://a\" onclick=\"alert(1))",
        "<img src=x onerror=alert(1)>", "```\n</code><script>", "![x](javascript:alert(1))", "`</code><script>`",
    ])
    func neverScript(text: String) {
        let written = html(text)
        #expect(!written.contains("<script"))
        #expect(!written.contains("<img"))
        #expect(!written.contains("href=\"javascript"))
        #expect(!written.contains("\" onclick=\""))
    }

    @Test(arguments: ["*", "**", "[", "[](", "`", "```", "-", "1.", "#", ">", "", "\n", "* a\n  b\n*c", "***"])
    func endsOnAnything(text: String) {
        _ = html(text)
    }
}
