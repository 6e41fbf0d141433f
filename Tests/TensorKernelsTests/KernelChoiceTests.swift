import TensorKernels
import Testing

struct KernelChoiceTests {
    @Test
    func choosesByName() throws {
        for instructionSet in InstructionSet.runnable {
            #expect(try KernelChoice.choose(named: instructionSet.rawValue) == instructionSet)
            #expect(Float.kernels(for: instructionSet).name == instructionSet.rawValue)
            #expect(Double.kernels(for: instructionSet).name == instructionSet.rawValue)
        }
        #expect(try KernelChoice.choose(named: nil) == InstructionSet.runnable.first)
        #expect(try KernelChoice.choose(named: "") == InstructionSet.runnable.first)
        #expect(Float.kernels.name == Double.kernels.name)
    }

    @Test
    func refusesUnknownNamesAndTellsWhatRuns() throws {
        let error = #expect(throws: KernelChoiceError.self) { try KernelChoice.choose(named: "mmx") }
        let text = try #require(error).description
        #expect(text.contains("mmx"))
        for instructionSet in InstructionSet.runnable { #expect(text.contains(instructionSet.rawValue)) }
    }
}
