import ExperimentSpec
import Testing
import TrialKinds

/// `$comment`, which is for people alone.
@Suite struct CommentTests {
    private static func spec(_ comment: String) -> String {
        """
        {\(comment) "name": "x", "problem": {\(comment) "kind": "quadratic", "dimensions": 2},
         "evaluation": {\(comment) "optimizers": [{\(comment) "kind": "sgd",
             "learningRate": {\(comment) "tune": [0.1, 0.2]}}],
             "problems": [{"name": "small"}, {\(comment) "name": "large", "dimensions": 4}]}}
        """
    }

    private static func read(_ text: String) throws(SpecError) -> ExperimentSpec {
        try ExperimentSpec(text, file: "x.json", vocabulary: .standard)
    }

    @Test func changesNothing() throws {
        let bare = try Self.read(Self.spec(""))
        let commented = try Self.read(Self.spec(#""$comment": "For people: \"quoted\".","#))
        #expect(commented.hash == bare.hash)
        #expect(commented.points == bare.points)
        #expect(commented.expanded() == bare.expanded())
    }

    @Test func isAText() {
        let error = #expect(throws: SpecError.self) { try Self.read(Self.spec(#""$comment": 1,"#)) }
        #expect(error?.faults.map(\.place).contains("problem.$comment") == true)
        #expect(error?.faults.allSatisfy { $0.place.hasSuffix("$comment") } == true)
    }

    /// Names are not objects' fields: what stands there is no comment.
    @Test func isNoPathOfASweep() {
        #expect(throws: SpecError.self) {
            try Self.read(Self.spec("").dropLast() + #", "sweep": {"$comment": ["a", "b"]}}"#)
        }
    }
}
