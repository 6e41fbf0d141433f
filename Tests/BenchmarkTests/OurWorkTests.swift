import Datasets
import Registry
import Testing

@testable import benchmark

@Suite("The benchmark's own works")
struct OurWorkTests {
    @Test(arguments: [Work.quadratic, .student]) func measuresAsManyStepsAsAskedFor(_ work: Work) throws {
        let library = DatasetLibrary(Registry.standard.datasets, folder: nil, mirrors: [])
        let seconds = try work.seconds(repeats: 2, threads: 2, library: library)
        #expect(seconds.count == 2)
        // Some ten million multiplications each, which no processor's core does in a tenth of a millisecond.
        #expect(seconds.allSatisfy { $0 > 1e-4 })
    }

    @Test func runsWholeTrials() throws {
        let library = DatasetLibrary(Registry.standard.datasets, folder: nil, mirrors: [])
        let seconds = try Trials.seconds(count: 3, repeats: 2, threads: 2, library: library)
        #expect(seconds.count == 2 && seconds.allSatisfy { $0 > 1e-3 }, "\(seconds)")
    }
}
