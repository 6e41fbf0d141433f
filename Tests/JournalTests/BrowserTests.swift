import Foundation
import Testing

/// The pages in a real browser, with a run under way: `Tests/Browser` says what is looked at.
@Suite struct BrowserTests {
    let program = try! Program()

    private static let tools = ["chromium", "python3"]
    private static let missing = tools.filter { tool in
        (try? Program().shell("command -v \(tool)"))?.code != 0
    }
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Browser/pages.py")

    @Test(.enabled(if: missing.isEmpty, "needs chromium and python3 (apt install chromium python3)"))
    func theyWorkAsReadersUseThem() throws {
        let spec = Specs.long.replacingOccurrences(of: "\"repeats\": 8", with: "\"repeats\": 400")
        try program.write(spec, to: "long.json")
        try program.write(Specs.quadratic, to: "quadratic.json")
        try program.call("run", "quadratic.json", "--quiet")
        // One experiment whose trials end one by one, and one whose trial outlasts the visit on any machine.
        try program.write(Specs.endless, to: "endless.json")
        let runs = try ["long.json", "endless.json"].map { try program.start(["run", $0, "--workers", "1"]) }
        defer { for run in runs { run.process.terminate() } }
        let served = try ServedJournal(program)
        let folder = ProcessInfo.processInfo.environment["JOURNAL_SCREENSHOTS"] ?? "screenshots"
        let outcome = try program.shell(
            "PYTHONDONTWRITEBYTECODE=1 python3 '\(Self.script.path)' http://localhost:\(served.port) '\(folder)'")
        #expect(outcome.code == 0, "\(outcome.output) \(outcome.messages)")
    }
}
