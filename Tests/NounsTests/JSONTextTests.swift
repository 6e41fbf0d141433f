import Nouns
import Testing

@Suite struct JSONTextTests {
    @Test func writesCanonically() {
        let value: JSONValue = ["b": [1, 0.1, 1e-8, true, .null], "a": "é\"\\\n\u{1}/"]
        #expect(value.canonicalText == #"{"a":"é\"\\\n\u0001/","b":[1,0.1,1e-08,true,null]}"#)
    }

    @Test func indentsObjectsAndKeepsPlainListsOnOneLine() {
        let value: JSONValue = ["a": [1, 2], "b": [["c": 1]], "d": [:]]
        #expect(
            value.indentedText == """
                {
                  "a": [1, 2],
                  "b": [
                    {
                      "c": 1
                    }
                  ],
                  "d": {}
                }

                """)
    }

    @Test func controlCharactersInJSON() {
        #expect(OrderedJSON.string("\u{01}\t\\é").text() == #""\u0001\t\\é""#)
        #expect(OrderedJSON.number(1e-7).text() == "1e-07")
        #expect(OrderedJSON.array([.bool(true), .null]).text() == "[true, null]")
        let numbers = [Double.nan, -.nan, .infinity, -.infinity].map(OrderedJSON.number)
        #expect(OrderedJSON.array(numbers).text() == #"["NaN", "NaN", "Infinity", "-Infinity"]"#)
    }
}

@Suite struct JSONPathTests {
    @Test(arguments: [
        ("evaluation.optimizers.0.kind", "evaluation.optimizers[0].kind"),
        ("evaluation.optimizers[12].learningRate", "evaluation.optimizers[12].learningRate"),
        ("a[0][1]", "a[0][1]"), ("$schema", "$schema"),
    ])
    func readsBothSpellingsOfAnIndex(text: String, path: String) {
        #expect(JSONPath(parsing: text)?.description == path)
    }

    @Test(arguments: ["", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "[0]", "a[0]b", "a[-1]"])
    func refusesWhatIsNoPath(text: String) {
        #expect(JSONPath(parsing: text) == nil)
    }

    @Test func quotesUnusualKeys() {
        #expect(JSONPath.root.appending("sweep").appending("a.b").appending(1).description == #"sweep["a.b"][1]"#)
    }
}
