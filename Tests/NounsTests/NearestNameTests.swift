import Nouns
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("learning_rate", "learningRate"), ("LearningRate", "learningRate"), ("learnignRate", "learningRate"),
        ("unrolLength", "unrollLength"), ("leraningRat", "learningRate"), ("step", "steps"),
    ])
    func findsSlips(name: String, nearest: String) {
        #expect(nearestName(to: name, among: ["steps", "learningRate", "unrollLength", "epochs"]) == nearest)
    }

    @Test(arguments: ["", "x", "dataset", "momentum", String(repeating: "steps", count: 1000)])
    func leavesOtherNamesAlone(name: String) {
        #expect(nearestName(to: name, among: ["steps", "learningRate", "unrollLength", "epochs", "k"]) == nil)
    }
}
