import Foundation
import Testing

/// `journal doctor` as a person calls it, in a folder of its own and a home that has no data.
@Suite struct DoctorTests {
    struct Item: Decodable {
        var section: String
        var name: String
        var state: String
        var text: String
        var advice: String?
    }

    let program = try! Program()

    private func items(_ arguments: String..., environment: [String: String] = [:], code: Int32 = 0) throws -> [String:
        Item]
    {
        let call = try program.start(["doctor", "--format", "json"] + arguments, environment: environment).outcome()
        #expect(call.code == code)
        let items = try JSONDecoder().decode([Item].self, from: Data(call.output.utf8))
        return Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0) })
    }

    @Test func whereNothingIsThereItSaysWhatToDo() throws {
        let items = try items()
        #expect(items["file"]?.state == "missing" && items["file"]?.advice?.contains("journal run") == true)
        for name in ["mnist", "fashion-mnist", "cifar-10", "cifar-100"] {
            #expect(items[name]?.state == "missing")
            #expect(
                items[name]?.text.contains(program.folder.appendingPathComponent(".cache/journal/data").path) == true)
            #expect(items[name]?.text.contains("fetched") == false)
        }
        #expect(items["mnist"]?.advice?.contains("train-images-idx3-ubyte") == true)
        #expect(items["synthetic-digits"]?.state == "ok")
        #expect(items["kernels"]?.state == "ok" && items["SQLite"]?.text.hasPrefix("3.") == true)
        #expect(items["disk"]?.text.contains("free") == true)
        // It looks and leaves nothing behind.
        #expect(try program.shell("ls -A").output.isEmpty)
    }

    @Test func aJournalIsTold() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
        try program.call("run", "quadratic.json", "--quiet")
        let before = try program.shell("sha256sum journal.sqlite; ls -A").output
        let items = try items()
        #expect(items["file"]?.state == "ok" && items["file"]?.text.contains("1 experiment,") == true)
        #expect(items["format"]?.text.hasSuffix("this program's") == true)
        #expect(items["recording"]?.state == "ok")
        #expect(try program.shell("sha256sum journal.sqlite; ls -A").output == before)
    }

    @Test func whatIsBrokenEndsItWithACode() throws {
        try program.write("no database", to: "journal.sqlite")
        #expect(try items(code: 69)["file"]?.state == "broken")
        #expect(
            try items("--journal", "nowhere/j.sqlite", code: 69)["file"]?.text.contains("no folder nowhere") == true)
        let kernels = try items("--journal", "j.sqlite", environment: ["JOURNAL_KERNELS": "abacus"], code: 69)[
            "kernels"]
        #expect(kernels?.state == "broken" && kernels?.advice == "unset JOURNAL_KERNELS")
        try program.write("no pictures", to: "data/mnist/train-images-idx3-ubyte")
        let data = try items("--journal", "j.sqlite", "--data-dir", "data", code: 69)
        #expect(data["mnist"]?.state == "broken" && data["fashion-mnist"]?.state == "missing")
    }

    /// For people: whole words, no line wider than the place for it.
    @Test func itFitsAnEightyColumnTerminal() throws {
        let text = try program.shell(#"COLUMNS=80 "$JOURNAL_PROGRAM" doctor"#)
        #expect(text.code == 0 && text.output.contains("\nJournal\n  missing  file "))
        for line in text.lines where !line.contains("/") { #expect(line.count <= 80, "\(line)") }
    }
}
