import TensorEngine
import Testing

@Suite struct TensorPatternTests {
    @Test(arguments: [1, 2, 3, 7, 16, 37]) func wholeNumbersAndIdentities(count: Int) {
        let plan = Plan<Float>(
            .tracing([.scalar]) { [Tensor.wholeNumbers(count, like: $0[0]), Tensor.identity(count, like: $0[0])] })
        let found = plan([[0]])
        #expect(found[0] == (0..<count).map { Float($0) })
        #expect(found[1] == (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 })
    }
}
