import Nouns
import Testing
import TrialKinds

@testable import ExperimentSpec

@Suite struct FuzzTests {
    private let fewTrials =
        example
        .replacing(#""repeats": 20"#, with: #""repeats": 2, "tuning": {"repeats": 1}"#)

    /// Whatever is done to a spec, it is either refused with faults or expands, and reads back the same.
    @Test(arguments: [UInt64](1...4))
    func mutatedSpecsNeverTrap(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = try JSONReader.read(Array(fewTrials.utf8)).value
        var accepted = 0
        for _ in 0..<80 {
            var value = start
            for _ in 0..<Int.random(in: 1...3, using: &generator) { value = value.mutated(using: &generator) }
            let text = value.indentedText
            do {
                let spec = try ExperimentSpec(text, file: "spec.json", vocabulary: .standard)
                accepted += 1
                #expect(try ExperimentSpec(spec.canonicalText, file: "spec.json", vocabulary: .standard) == spec)
                let trialCount = spec.points.reduce(0) { count, point in
                    TrialKinds.standard.all.reduce(count) { $0 + $1.trialCount(point.settings) }
                }
                if trialCount < 60 {
                    #expect(spec.expanded().points.count == spec.points.count)
                }
            } catch {
                #expect(!error.faults.isEmpty)
            }
        }
        #expect((1..<80).contains(accepted))
    }

    @Test func damagedTextsNeverTrap() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            var bytes = Array(example.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = bytes.indices.randomElement(using: &generator)!
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0...20, using: &generator))
            #expect(throws: SpecError.self) {
                _ = try ExperimentSpec(bytes + [0x7D, 0x7D, 0x7D], file: "spec.json", vocabulary: .standard)
            }
        }
    }
}
