import Foundation
import Testing

@Suite struct OptimizerFileTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
    }

    @Test func anOptimizerIsExportedImportedAndCompared() throws {
        try program.call("run", "quadratic.json", "--quiet")
        let export = try program.call("export", "optimizer", "quadratic", "--to", "teacher.safetensors")
        #expect(export.code == 0)
        #expect(export.output.isEmpty)
        #expect(export.messages.contains("teacher.safetensors: 4 tensors"))
        let other = ["JOURNAL": "other.sqlite"]
        let imported = try program.call("import", "optimizer", "teacher.safetensors", environment: other)
        #expect(imported.code == 0)
        #expect(imported.messages.contains(#"{"kind": "stored", "name": "teacher"}"#))
        let again = try program.call("import", "optimizer", "teacher.safetensors", environment: other)
        #expect(again.code == 0)
        #expect(again.messages.contains("Nothing to do"))
        try program.write(
            """
            {"name": "again", "seed": 3, "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
             "evaluation": {"steps": 20, "repeats": 5, "optimizers": [{"kind": "stored", "name": "teacher"}]}}
            """, to: "again.json")
        #expect(try program.call("run", "again.json", "--quiet", environment: other).code == 0)
        func losses(_ optimizer: String, _ environment: [String: String] = [:]) throws -> String {
            let select =
                "SELECT finalLoss FROM trials WHERE kind = 'evaluation' AND optimizer = '\(optimizer)' ORDER BY seed"
            return try program.call("query", "--sql", select, "--format", "csv", environment: environment).output
        }
        #expect(try losses("trained") == losses("teacher", other))
        #expect(try losses("trained").split(separator: "\n").count == 6)
    }

    @Test func anExportIsWrittenWhereItIsToGo() throws {
        try program.call("run", "quadratic.json", "--quiet")
        let export = #""$JOURNAL_PROGRAM" export optimizer quadratic --to"#
        func shell(_ line: String) throws -> Program.Outcome { try program.shell(line) }

        #expect(try shell("\(export) a.safetensors").code == 0)
        #expect(try shell("\(export) /dev/stdout | cmp - a.safetensors").code == 0)
        #expect(try shell("mkfifo p && (\(export) p & cat p | cmp - a.safetensors) && test -p p").code == 0)
        #expect(try shell("\(export) /dev/null && test -c /dev/null").code == 0)

        // What is replaced keeps its permissions, and a link stays a link.
        let modes = try shell(
            "chmod 600 a.safetensors && ln -s a.safetensors link && \(export) link && stat -c %a-%F link a.safetensors")
        #expect(modes.lines == ["777-symbolic link", "600-regular file"])
        let dangling = "ln -s later dangling && \(export) dangling && cmp later a.safetensors && test -L dangling"
        #expect(try shell(dangling).code == 0)
        #expect(try shell("touch empty && \(export) empty").code == 0)

        let foreign = try shell("echo mine > notes && \(export) notes")
        #expect(foreign.code == 73)
        #expect(foreign.messages.contains("--force"))
        #expect(try shell("cat notes").output == "mine\n")
        #expect(try shell("\(export) notes --force && cmp notes a.safetensors").code == 0)
        #expect(try shell("\(export) .").code == 73)
        #expect(try shell("\(export) ''").code == 64)

        // Nothing is left behind, whatever came of it.
        #expect(try shell("ln -s loop loop; \(export) loop").code == 74)
        #expect(try shell("(ulimit -f 0; trap '' XFSZ; \(export) a.safetensors)").code == 74)
        #expect(try shell("\(export) a.safetensors && ls -A | grep '^[.]'").output.isEmpty)
    }

    @Test func faultsHaveTheirExitCodes() throws {
        func expectRefusal(_ arguments: String..., code: Int32, saying words: String) throws {
            let outcome = try program.start(arguments, environment: [:]).outcome()
            #expect(outcome.code == code, "\(outcome.messages)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.messages.contains(words), "\(outcome.messages)")
        }
        try expectRefusal("export", "optimizer", "quadratic", "--to", "a", code: 66, saying: "there is no journal")
        try expectRefusal("import", "optimizer", "a.safetensors", code: 66, saying: "there is no file a.safetensors")
        try program.write("not one", to: "a.safetensors")
        try expectRefusal(
            "import", "optimizer", "a.safetensors", code: 65, saying: "a.safetensors is no safetensors file")
        #expect(!program.has("journal.sqlite"))

        try program.call("run", "quadratic.json", "--quiet")
        try expectRefusal("export", "optimizer", "quadratics", "--to", "b", code: 66, saying: "did you mean quadratic?")
        try expectRefusal("export", "optimizer", "quadratic", code: 64, saying: "--to")
        try expectRefusal(
            "export", "optimizer", "quadratic", "--to", "no/folder/b", code: 66, saying: "there is no folder")
        try program.call("export", "optimizer", "quadratic", "--to", "quadratic.safetensors")
        try expectRefusal("import", "optimizer", "quadratic.safetensors", code: 64, saying: "choose another name")
        try expectRefusal(
            "import", "optimizer", "quadratic.safetensors", "--name", "a b", code: 64, saying: "without spaces")
    }
}
