import Foundation
import Testing

/// `notebook` as a person calls it.
@Suite struct NotebookFileTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
        try #require(program.call("run", "quadratic.json", "--quiet").code == 0)
        let note = "Look: <script>alert(1)</script> & `a < b`, **bold**."
        try #require(program.call("note", "quadratic", note).code == 0)
        try #require(program.call("note", "quadratic", "--conclude", "It *learns*.").code == 0)
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: program.folder.appendingPathComponent(name)), as: UTF8.self)
    }

    private func cells(_ name: String) throws -> [[String: Any]] {
        let notebook = try JSONSerialization.jsonObject(with: Data(try text(name).utf8)) as? [String: Any]
        return notebook?["cells"] as? [[String: Any]] ?? []
    }

    @Test func aNotebookHasWhatWasAskedFoundAndThought() throws {
        let outcome = try program.call("notebook", "quadratic", "--to", "q.ipynb")
        #expect(outcome.code == 0 && outcome.messages.hasPrefix("Wrote "), "\(outcome.messages)")
        let cells = try cells("q.ipynb")
        let sources = cells.map { ($0["source"] as? [String] ?? []).joined() }
        #expect(sources.first?.hasPrefix("# quadratic\n") == true)
        #expect(sources.contains { $0.contains("| optimizer |") && $0.contains("95% interval") })
        #expect(sources.contains { $0.contains("](attachment:chart1.svg)") })
        #expect(sources.contains { $0.contains("Look: &lt;script>alert(1)&lt;/script> & `a < b`, **bold**.") })
        #expect(sources.last?.hasPrefix("## Conclusion") == true && sources.last?.hasSuffix("It *learns*.") == true)
        let attachments = cells.compactMap { $0["attachments"] as? [String: [String: String]] }
        let svg = attachments.first?["chart1.svg"]?["image/svg+xml"].flatMap { Data(base64Encoded: $0) }
        #expect(svg.map { String(decoding: $0, as: UTF8.self).hasPrefix("<svg ") } == true)
        #expect(cells.count { $0["cell_type"] as? String == "code" } == 3)
        #expect(Set(cells.compactMap { $0["id"] as? String }).count == cells.count)
    }

    @Test(.enabled(if: OtherProgramsTests.has("nbformat, nbconvert, ipykernel, pandas"), "needs Jupyter and pandas"))
    func jupyterTakesAndRunsIt() throws {
        try program.call("notebook", "--to", "q.ipynb")
        let valid = try program.shell(
            "python3 -c 'import nbformat; nbformat.validate(nbformat.read(\"q.ipynb\", as_version=4))'")
        #expect(valid.code == 0, "\(valid.messages)")
        let run = try program.shell("python3 -m nbconvert --to notebook --execute q.ipynb --output ran.ipynb")
        #expect(run.code == 0, "\(run.messages)")
        let code = try cells("ran.ipynb").filter { $0["cell_type"] as? String == "code" }
        let outputs = code.flatMap { $0["outputs"] as? [[String: Any]] ?? [] }
        #expect(code.count == 3 && outputs.count == 2)
        #expect(outputs.allSatisfy { $0["output_type"] as? String == "execute_result" })
    }

    @Test func aPageStandsAlone() throws {
        #expect(try program.call("notebook", "quadratic", "--to", "q.html").code == 0)
        let page = try text("q.html")
        #expect(page.hasPrefix("<!doctype html>") && page.contains("<h1>quadratic</h1>") && page.contains("<svg "))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script"))
        #expect(page.contains("<strong>bold</strong>") && page.contains("It <em>learns</em>."))
        #expect(!page.contains("src=") && !page.contains("href=\"http") && !page.contains("url("))
        #expect(page.contains("default-src 'none'"))
    }

    @Test func markdownHasChartsWithinIt() throws {
        #expect(try program.call("notebook", "--to", "q.md").code == 0)
        let page = try text("q.md")
        #expect(page.hasPrefix("# quadratic\n") && page.contains("](data:image/svg+xml;base64,"))
        #expect(page.contains("```json\n") && page.contains("```python\n"))
    }

    /// Whoever wrote on it finds it as it was.
    @Test func anotherFileIsNotWrittenOver() throws {
        #expect(try program.call("notebook", "quadratic", "--to", "q.md").code == 0)
        #expect(try program.call("notebook", "quadratic", "--to", "q.md").code == 0)
        try program.write("Mine.\n", to: "q.md")
        let refused = try program.call("notebook", "quadratic", "--to", "q.md")
        #expect(refused.code == 73 && refused.messages.contains("--force"), "\(refused.messages)")
        #expect(try text("q.md") == "Mine.\n")
        #expect(try program.call("notebook", "quadratic", "--to", "q.md", "--force").code == 0)
        #expect(try program.call("notebook", "--to", "q.txt").code == 64)
        #expect(try program.call("notebook", "quadratik", "--to", "r.md").code == 66)
        #expect(!program.has("r.md"))
    }
}
