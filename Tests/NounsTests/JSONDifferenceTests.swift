import Nouns
import Testing

@Suite struct JSONDifferenceTests {
    private func value(_ text: String) throws -> JSONValue { try #require(JSONValue(parsing: text)) }

    private func told(_ old: String, _ new: String) throws -> [String] {
        try value(new).differences(from: value(old)).map { difference in
            "\(difference.path): \(difference.old?.canonicalText ?? "-") > \(difference.new?.canonicalText ?? "-")"
        }
    }

    @Test func ofObjectsInAListTheAddedOnesAndThoseLeftOutAreTold() throws {
        let two = #"{"o": [{"kind": "sgd", "rate": 1}, {"kind": "adam"}]}"#
        let more = #"{"o": [{"kind": "sgd", "rate": 1}, {"kind": "trained"}, {"kind": "adam"}]}"#
        #expect(try told(two, more) == [#"o[1]: - > {"kind":"trained"}"#])
        #expect(try told(more, two) == [#"o[1]: {"kind":"trained"} > -"#])
        #expect(try told(two, two).isEmpty)
    }

    @Test func ofObjectsThatBothHaveOnlyWhatChangedIsTold() throws {
        let old = #"{"o": [{"kind": "sgd", "rate": 1}, {"kind": "adam"}]}"#
        let new = #"{"o": [{"kind": "sgd", "rate": 2}, {"kind": "adam"}, {"kind": "lstm"}]}"#
        #expect(try told(old, new) == ["o[0].rate: 1 > 2", #"o[2]: - > {"kind":"lstm"}"#])
        #expect(try told(new, old) == ["o[0].rate: 2 > 1", #"o[2]: {"kind":"lstm"} > -"#])
    }

    @Test func listsOfPlainValuesDifferAsAWhole() throws {
        #expect(try told(#"{"l": [20]}"#, #"{"l": [20, 20]}"#) == ["l: [20] > [20,20]"])
        #expect(try told(#"{"l": [20, 30]}"#, #"{"l": [20, 40]}"#) == ["l[1]: 30 > 40"])
        #expect(try told(#"{"l": []}"#, #"{"l": [{"a": 1}]}"#) == [#"l[0]: - > {"a":1}"#])
    }
}
