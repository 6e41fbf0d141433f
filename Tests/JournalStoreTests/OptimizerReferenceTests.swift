import Testing

@testable import JournalStore

@Suite struct OptimizerReferenceTests {
    @Test(arguments: [
        ("l2l", "l2l", nil), ("l2l/3", "l2l", 3), ("l2l@abc/12", "l2l@abc", 12), ("l2l@abc", "l2l@abc", nil),
        ("l2l/0", "l2l/0", nil), ("l2l/x", "l2l/x", nil), ("l2l/-1", "l2l/-1", nil), ("/3", "", 3),
    ])
    func readsWhatStandsBehindTheSlash(text: String, experiment: String, replicate: Int?) {
        let reference = OptimizerReference(text)
        #expect(reference == OptimizerReference(experiment: experiment, replicate: replicate))
        #expect(reference.description == text)
    }

    @Test func theNameIsWithoutVersionAndReplicate() {
        #expect(OptimizerReference("l2l@abc/3").name == "l2l")
        #expect(OptimizerReference("l2l").name == "l2l")
    }
}
