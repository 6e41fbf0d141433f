import Nouns
import Testing

@testable import ExperimentSpec

@Suite struct JSONReaderTests {
    private func value(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)).value }

    @Test func readsEveryKindOfValue() throws {
        let text = #" { "a" : [ null , true , false , 1 , -2.5e1 , 1e-3 , "x" ] , "b" : { } , "c" : [ ] } "#
        #expect(
            try value(text) == ["a": [.null, true, false, 1, -25, 0.001, "x"], "b": [:], "c": []])
    }

    @Test func keepsWholeNumbersExact() throws {
        #expect(try value("9007199254740993") == .integer(9_007_199_254_740_993))
        #expect(try value("1.0") == .integer(1))
        #expect(try value("1e2") == .integer(100))
        #expect(try value("-0.0") == .integer(0))
        #expect(try value("123456789012345678901234567890") == .number(123_456_789_012_345_677_877_719_597_056))
    }

    @Test func readsEscapes() throws {
        #expect(try value(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#) == "\"\\/\u{8}\u{c}\n\r\té😀")
    }

    @Test func skipsByteOrderMark() throws {
        #expect(try JSONReader.read([0xEF, 0xBB, 0xBF, 0x31]).value == 1)
    }

    @Test(arguments: [
        (
            "",
            "line 1, column 1: found the end of the file; allowed: a value: an object, a list, a string in double quotes, a number, true, false or null"
        ),
        ("{\n  \"a\": 1,\n}", "line 3, column 1: found '}'; allowed: a key in double quotes"),
        ("{'a': 1}", "line 1, column 2: found '''; allowed: a key in double quotes, or }"),
        ("{\"a\" 1}", "line 1, column 6: found '1'; allowed: a colon after the key"),
        ("[1, 2", "line 1, column 6: found the end of the file; allowed: a comma or ]"),
        ("{\"é\": 1 x", "line 1, column 9: found 'x'; allowed: a comma or }"),
        ("{} // done", "line 1, column 4: found '/'; allowed: nothing after the value"),
        ("\"abc", "line 1, column 5: found the end of the file; allowed: a closing double quote"),
        (
            "\"a\nb\"",
            "line 1, column 3: found the end of the line; allowed: a closing double quote, or the character written as an escape"
        ),
        (#""\x""#, #"line 1, column 3: found 'x'; allowed: one of " \ / b f n r t u after a backslash"#),
        (#""\u12""#, #"line 1, column 6: found '"'; allowed: four hexadecimal digits after \u"#),
        (#""\ud800""#, "line 1, column 2: found half of a surrogate pair; allowed: both halves"),
        ("01", "line 1, column 2: found '1'; allowed: nothing after the value"),
        ("1.", "line 1, column 3: found the end of the file; allowed: a digit"),
        ("[1e999]", "line 1, column 2: found 1e999; allowed: a number no larger than 1.7e308"),
        (
            "NaN",
            "line 1, column 1: found 'N'; allowed: a value: an object, a list, a string in double quotes, a number, true, false or null"
        ),
    ])
    func saysWhereATextIsNotJSON(text: String, message: String) {
        #expect(faults(text) == ["spec.json: \(message)"])
    }

    @Test func refusesDeepNesting() {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try value(deepest) }
        #expect(
            faults(String(repeating: "[", count: 100_000))
                == ["spec.json: line 1, column 65: found an opening bracket; allowed: at most 64 within each other"])
    }

    @Test func refusesBytesThatAreNotText() {
        #expect(throws: JSONSyntaxError.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.read([0x1F, 0x8B, 0x08]) }
    }

    @Test func reportsEveryRepeatedKey() {
        #expect(
            faults(
                #"{"name": "a", "name": "b", "problem": {"kind": "quadratic", "kind": "quadratic"}, "evaluation": {"optimizers": [{"kind": "sgd"}]}}"#
            )
                == [
                    "spec.json: name: found the key a second time; allowed: each key once",
                    "spec.json: problem.kind: found the key a second time; allowed: each key once",
                ])
    }

    @Test func readsBackWhatItWrites() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let value = JSONValue.random(depth: 4, using: &generator)
            #expect(try JSONReader.read(Array(value.canonicalText.utf8)).value == value)
            #expect(try JSONReader.read(Array(value.indentedText.utf8)).value == value)
        }
    }
}
