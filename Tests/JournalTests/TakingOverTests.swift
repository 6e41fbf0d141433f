import Foundation
import TensorKernels
import Testing

/// What a new version takes over from earlier ones, as a person sees it.
@Suite struct TakingOverTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
    }

    private func writeQuadratic(called name: String) throws {
        try program.write(
            Specs.quadratic.replacing(#"{"name": "quadratic""#, with: #"{"name": "\#(name)""#), to: "\(name).json")
    }

    private func rows(_ sql: String) throws -> [Substring] {
        Array(try program.call("query", "--sql", sql, "--format", "csv").lines.dropFirst())
    }

    @Test func moreRepeatsRunWhatIsNewAlone() throws {
        let first = try program.call("run", "quadratic.json")
        #expect(!first.messages.contains("taken over"))
        let dryRun = try program.call("run", "quadratic.json", "--dry-run", "--set", "evaluation.repeats=6")
        #expect(dryRun.lines.count == 25 && dryRun.messages.isEmpty)
        let second = try program.call("run", "quadratic.json", "--set", "evaluation.repeats=6")
        let version = try rows("SELECT substr(hash, 1, 12) FROM experiments ORDER BY id")[0]
        #expect(second.messages.contains("21 of 23 trials taken over from quadratic@\(version).\n"))
        #expect(second.messages.contains("23 of 23 trials completed, 21 of them before."))
        // The version that they come from is as it was.
        #expect(try program.call("compare", "quadratic@\(version)").output == first.output)
        let taken = try program.call(
            "query", "trials", "--experiment", "quadratic", "--where", "takenFrom IS NOT NULL", "--format", "csv")
        #expect(taken.lines.count == 22)
        #expect(taken.lines[0].contains(",takenFrom,"))
        #expect(try !program.call("query", "trials").output.contains("takenFrom"))
    }

    @Test func anotherNameLeavesNothingToDo() throws {
        try program.call("run", "quadratic.json", "--quiet")
        try writeQuadratic(called: "other")
        let other = try program.call("run", "other.json")
        #expect(other.code == 0 && other.output.contains("Problem quadratic"))
        #expect(other.messages.contains("21 of 21 trials taken over from quadratic@"))
        #expect(other.messages.contains("nothing left to do; all 21 trials are completed"))
        #expect(try program.call("compare", "other", "--tuning").output.contains("sgd"))
        let fresh = try program.call("run", "other.json", "--fresh")
        #expect(!fresh.messages.contains("taken over") && fresh.messages.contains("21 of 21 trials completed."))
        try writeQuadratic(called: "third")
        #expect(try program.call("run", "third.json", "--quiet").messages.isEmpty)
    }

    @Test(.enabled(if: InstructionSet.runnable.contains(.avx2))) func kernelTablesThatAgreeShareTheirTrials() throws {
        func run(_ repeats: Int, _ kernels: String) throws -> String {
            try program.call(
                "run", "quadratic.json", "--set", "evaluation.repeats=\(repeats)",
                environment: ["JOURNAL_KERNELS": kernels]
            ).messages
        }
        #expect(try !run(5, "baseline").contains("taken over"))
        #expect(try !run(4, "avx2").contains("taken over"))
        #expect(try rows("SELECT DISTINCT kernelTable FROM trialSummary ORDER BY 1") == ["avx2", "baseline"])
        #expect(try run(3, "baseline").contains("17 of 17 trials taken over"))
        guard InstructionSet.runnable.contains(.avx512) else { return }
        #expect(try run(2, "avx512").contains("15 of 15 trials taken over"))
    }
}
