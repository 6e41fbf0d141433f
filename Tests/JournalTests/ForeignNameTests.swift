import Foundation
import Testing

/// Names in another encoding than UTF-8, and terminals that show ASCII alone.
@Suite struct ForeignNameTests {
    let program = try! Program()

    init() throws {
        let spec = Specs.quadratic.replacingOccurrences(of: #""repeats": 5"#, with: #""repeats": 1"#)
        try program.write(spec, to: "spec.json")
    }

    @Test func filesAreFoundByTheirBytes() throws {
        let run = try program.shell(
            #"""
            set -e
            journal=$'j\xe9.sqlite'
            mv spec.json $'caf\xe9.json'
            "$JOURNAL_PROGRAM" run $'caf\xe9.json' --journal "$journal" --quiet
            test -f "$journal"
            JOURNAL="$journal" "$JOURNAL_PROGRAM" query --where "kind = 'metaTraining'" --format csv | wc -l
            "$JOURNAL_PROGRAM" export optimizer quadratic --to $'o\xe9' --journal "$journal"
            test -f $'o\xe9'
            """#)
        #expect(run.code == 0, "\(run.messages)")
        #expect(run.output == "2\n")
        #expect(run.messages.contains(#"to o\xE9: 4 tensors"#))
    }

    @Test func dataIsFoundInAFolderOfSuchAName() throws {
        let run = try program.shell(
            #"""
            mkdir -p $'d\xe9/mnist' && echo > $'d\xe9/mnist/train-images-idx3-ubyte'
            echo '{"name": "d", "problem": {"kind": "classification", "dataset": "mnist"},
                "evaluation": {"optimizers": [{"kind": "adam"}]}}' > digits.json
            "$JOURNAL_PROGRAM" run digits.json --data-dir $'d\xe9'
            """#)
        #expect(run.code == 65 || run.code == 66)
        #expect(run.messages.contains(#"d\xE9/mnist"#), "\(run.messages)")
    }

    @Test func whatIsNotThereIsNamedAsThePersonCanReadIt() throws {
        let spec = try program.shell(#""$JOURNAL_PROGRAM" run $'caf\xe9.json'"#)
        #expect(spec.code == 66)
        #expect(spec.messages.contains(#"no spec caf\xE9.json"#))
        let option = try program.shell(#""$JOURNAL_PROGRAM" query $'caf\xe9'"#)
        #expect(option.code == 64)
        #expect(option.messages.contains(#"'caf\xE9'"#))
    }

    @Test func namesInLatin1AreThoseOfTheJournal() throws {
        try program.call("run", "spec.json", "--quiet")
        let found = try program.shell(
            #"LC_ALL=de_DE.ISO-8859-1 "$JOURNAL_PROGRAM" query --where $'experiment = \'caf\xe9\''"#)
        #expect(found.code == 0, "\(found.messages)")
        let messages = try program.shell(#"LC_ALL=de_DE.ISO-8859-1 "$JOURNAL_PROGRAM" compare $'caf\xe9'"#).messages
        #expect(messages.contains("no experiment cafe;"))
        let plain = try program.shell(#"LC_ALL=C "$JOURNAL_PROGRAM" compare café"#).messages
        #expect(plain.contains("no experiment cafe;"))
    }
}
