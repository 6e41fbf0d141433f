import Optimizers
import TensorEngine
import Testing

@Suite struct ParameterGroupsTests {
    @Test(arguments: [
        ("*", "", true), ("*", "a/b", true), ("a", "a", true), ("a", "ab", false), ("a*", "ab", true),
        ("*b", "ab", true), ("*b", "ba", false), ("conv*/kernel", "conv1/kernel", true),
        ("conv*/kernel", "conv1/kernel2", false), ("conv*/kernel", "dense1/weight", false),
        ("a*a", "a", false), ("a*a", "aa", true), ("*ab*ab*", "abab", true), ("*ab*ab*", "aab", false),
        ("**x**", "x", true), ("a*b*c", "abbc", true), ("a*bc*c", "abc", false), ("", "", true), ("", "a", false),
    ]) func namesMatch(_ pattern: String, _ name: String, _ expected: Bool) {
        #expect(NamePattern(pattern).matches(name) == expected)
    }

    @Test func theFirstGroupThatMatchesCounts() {
        let groups = ParameterGroups([
            .init("x_0", GradientDescent(learningRate: 1.0)), .init("x_*", RecurrentOptimizer(layers: [])),
            .init("*_1", RecurrentOptimizer(layers: [2])),
        ])
        #expect(["x_0", "x_1", "y_1", "y_2"].map(groups.group) == [0, 1, 2, nil])
        #expect(
            groups.metaParameters.map(\.name) == [
                "2/linear/weight", "2/linear/bias", "3/lstm1/weight", "3/lstm1/bias", "3/linear/weight",
                "3/linear/bias",
            ])
        #expect(
            ParameterGroups(RecurrentOptimizer(layers: [2])).metaParameters
                == RecurrentOptimizer(layers: [2]).metaParameters)
    }

    /// Two alike don't begin alike; one alone begins as it does without groups.
    @Test func groupsDrawMetaParametersOfTheirOwn() {
        let optimizer = RecurrentOptimizer(layers: [2])
        let count = optimizer.metaParameters.elementCount
        func drawn(_ groups: ParameterGroups) -> [Double] {
            let values = ElementBuffer<Double>(count: groups.metaParameters.elementCount)
            groups.initializeMetaParameters(values.start, key: RandomKey(seed: 4))
            return values.elements
        }
        let both = drawn(ParameterGroups([.init("a", optimizer), .init("*", optimizer)]))
        #expect(both.prefix(count) != both.suffix(count))
        let alone = ElementBuffer<Double>(count: count)
        optimizer.initializeMetaParameters(alone.start, key: RandomKey(seed: 4))
        #expect(drawn(ParameterGroups(optimizer)) == alone.elements)
    }
}
