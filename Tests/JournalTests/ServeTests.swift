import Foundation
import Testing

/// `journal serve`: whom it answers, what it tells, and that nothing in a journal becomes a script.
@Suite struct ServeTests {
    let program = try! Program()

    init() throws {
        let hostile = Specs.quadratic.replacingOccurrences(of: "Does it run?", with: "<script>alert('q')</script>")
        try program.write(hostile, to: "quadratic.json")
        try program.call("run", "quadratic.json", "--quiet")
    }

    private func address(_ served: ServedJournal) throws -> String {
        let front = try served.ask("/").body
        let link = try #require(front.range(of: "/experiments/quadratic@[0-9a-f]{12}", options: .regularExpression))
        return String(front[link])
    }

    @Test func pagesAreThereForWhatTheJournalHas() throws {
        let served = try ServedJournal(program)
        let experiment = try address(served)
        for path in [
            "/", "/?order=name&versions=all", experiment,
            "\(experiment)?kind=evaluation&order=finalLoss&descending=yes",
            "\(experiment)?from=3&to=9", "/experiments/quadratic", "/trials/1", "/compare", "/compare?trial=1&trial=2",
            "/compare?experiment=quadratic&optimizer=sgd", "/style.css", "/page.js",
        ] {
            let answer = try served.ask(path)
            #expect(answer.status == 200, "\(path)")
            #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(answer.headers["x-content-type-options"] == "nosniff")
        }
        let page = try served.ask(experiment).body
        #expect(page.contains("21 of 21 trials completed"))
        #expect(page.contains("95% interval"))
        #expect(page.contains("<svg class=\"chart\""))
        for path in ["/trials/999", "/trials/x", "/experiments/none", "/nothing", "/%2e%2e/etc/passwd"] {
            #expect(try served.ask(path).status == 404, "\(path)")
        }
    }

    /// A page of another site whose name was made to point here (DNS rebinding), or that sends its reader's browser here.
    @Test func othersAreRefused() throws {
        let served = try ServedJournal(program)
        let port = served.port
        for host in [
            "evil.example", "evil.example:\(port)", "localhost", "localhost:1", "127.0.0.1.evil.example:\(port)",
        ] {
            #expect(try served.ask("/", host: host).status == 403, "\(host)")
        }
        for host in ["localhost:\(port)", "127.0.0.1:\(port)", "[::1]:\(port)", "LOCALHOST:\(port)"] {
            #expect(try served.ask("/", host: host).status == 200, "\(host)")
        }
        for origin in ["http://evil.example", "null", "https://localhost:\(port)", "http://localhost:1"] {
            #expect(try served.ask("/", ["Origin: \(origin)"]).status == 403, "\(origin)")
        }
        #expect(try served.ask("/", ["Origin: http://localhost:\(port)"]).status == 200)
        #expect(try served.ask("/", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"]).status == 403)
        #expect(try served.ask("/", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"]).status == 200)
        for method in ["PUT", "DELETE", "OPTIONS", "TRACE"] {
            #expect(try served.ask("/", method: method).status == 405, "\(method)")
        }
        let head = try served.ask("/", method: "HEAD")
        #expect(head.status == 200 && head.body.isEmpty)
    }

    @Test func textOfTheJournalAndOfRequestsIsNeverMarkup() throws {
        let served = try ServedJournal(program)
        let experiment = try address(served)
        let front = try served.ask("/").body
        #expect(front.contains("&lt;script&gt;alert(&#39;q&#39;)"))
        let attack = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
        for path in [
            "/", experiment, "/?search=\(attack)", "\(experiment)?search=\(attack)&optimizer=\(attack)&order=\(attack)",
            "/experiments/\(attack)", "/compare?experiment=\(attack)", "/\(attack)", "/trials/1?from=\(attack)",
        ] {
            let body = try served.ask(path).body
            #expect(!body.contains("<script>"), "\(path)")
            #expect(body.components(separatedBy: "<script").count == 2, "\(path)")
        }
    }

    @Test func aNoteTakesTheTokenOfAPage() throws {
        let served = try ServedJournal(program)
        let experiment = try address(served)
        let reference = try #require(experiment.split(separator: "/").last).replacingOccurrences(of: "@", with: "%40")
        let page = try served.ask(experiment).body
        let token = try #require(page.firstMatch(of: /name="token" value="([0-9a-f]{64})"/)).1
        let form = "Content-Type: application/x-www-form-urlencoded"
        let text = "text=It+%3Cb%3Eruns%3C%2Fb%3E%0D%0A-+*well*+%5Bx%5D(javascript:alert(1))"
        func send(_ body: String, _ headers: [String]) throws -> Int {
            try served.ask("/notes", method: "POST", headers, body: body).status
        }
        #expect(try send("experiment=\(reference)&\(text)", [form]) == 403)
        #expect(try send("token=\(String(repeating: "0", count: 64))&experiment=\(reference)&\(text)", [form]) == 403)
        #expect(
            try send("token=\(token)&experiment=\(reference)&\(text)", [form, "Origin: http://evil.example"]) == 403)
        #expect(try send("token=\(token)&experiment=\(reference)&\(text)", ["Content-Type: text/plain"]) == 415)
        #expect(try send("token=\(token)&experiment=\(reference)&text=++", [form]) == 400)
        #expect(try send("token=\(token)&experiment=none&\(text)", [form]) == 404)
        #expect(try send("token=\(token)&\(text)", [form]) == 400)
        #expect(try served.ask("/trials/1", method: "POST", [form], body: "token=\(token)").status == 405)
        #expect(try program.call("query", "--format", "csv", "--sql", "SELECT count(*) FROM notes").lines.last == "0")

        #expect(try send("token=\(token)&experiment=\(reference)&\(text)", [form]) == 303)
        #expect(try send("token=\(token)&trial=1&text=On+it", [form]) == 303)
        #expect(try send("token=\(token)&experiment=\(reference)&concludes=yes&text=Done", [form]) == 303)
        let after = try served.ask(experiment).body
        #expect(after.contains("It &lt;b&gt;runs&lt;/b&gt;"))
        #expect(after.contains("<li><em>well</em> [x](javascript:alert(1))</li>"))
        #expect(after.contains("Conclusion</h2>") && after.contains("<p>Done</p>"))
        #expect(try served.ask("/trials/1").body.contains("<p>On it</p>"))
        let saved = try served.ask("\(experiment)?static").body
        #expect(saved.contains("&lt;b&gt;runs") && !saved.contains(token))
    }

    @Test func aPageIsSavedAsAFileThatStandsAlone() throws {
        let served = try ServedJournal(program)
        let experiment = try address(served)
        for path in ["/", experiment, "/trials/1", "/compare?trial=1&trial=2"] {
            let answer = try served.ask(path + (path.contains("?") ? "&" : "?") + "static")
            #expect(answer.headers["content-disposition"]?.contains(".html") == true)
            #expect(answer.body.contains("<style>"))
            for reference in ["<script", "<link", "href=\"/", "src=", "url(/", "url(http", "<form", "action="] {
                #expect(!answer.body.contains(reference), "\(path): \(reference)")
            }
            #expect(!answer.body.contains("being computed"))
        }
    }

    /// Comes to be, and is told, while the page is open.
    @Test func aRunIsSeenWhileItRuns() throws {
        try program.write(Specs.long, to: "long.json")
        let run = try program.start(["run", "long.json", "--workers", "1"])
        defer { run.process.terminate() }
        let served = try ServedJournal(program)
        var trial: String?
        for _ in 0..<500 where trial == nil {
            let page = try served.ask("/experiments/long?status=running").body
            trial = page.range(of: "/trials/[0-9]+", options: .regularExpression).map { String(page[$0]) }
            usleep(20_000)
        }
        let path = try #require(trial)
        func points() throws -> Int {
            let page = try served.ask(path).body
            let found = page.range(of: "[0-9]+ points", options: .regularExpression)
            return found.flatMap { Int(page[$0].prefix { $0.isNumber }) } ?? 0
        }
        let before = try points()
        var after = before
        for _ in 0..<500 where after <= before {
            after = try points()
            usleep(20_000)
        }
        #expect(after > before)
    }

    @Test func itEndsInGoodOrderAndSaysWhyItDoesNotBegin() throws {
        let served = try ServedJournal(program)
        let taken = try program.call("serve", "--port", String(served.port))
        #expect(taken.code == 69)
        #expect(taken.messages.contains("port \(served.port) is taken"))
        kill(served.call.process.processIdentifier, SIGINT)
        let outcome = try served.call.outcome()
        #expect(outcome.code == 0, "\(outcome.messages)")
        #expect(outcome.output.isEmpty)
        #expect(try program.call("serve", "--journal", "none.sqlite").code == 66)
        #expect(try program.call("serve", "--port", "70000").code == 64)
    }
}
