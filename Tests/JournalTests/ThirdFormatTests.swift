import Foundation
import JournalStore
import TensorKernels
import Testing

/// A journal of version 0.4.0 is gone on with, to the bits that 0.4.0 itself went on to.
@Suite struct ThirdFormatTests {
    @Test(.enabled(if: Double.kernels.name != "baseline", "tables without fused multiply-add have bits of their own"))
    func anInterruptedTrialIsCompleted() throws {
        let program = try Program()
        let journals = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("JournalStoreTests/Journals")
        for (name, copy) in [("third-format.sqlite", "journal.sqlite"), ("long.json", "long.json")] {
            try FileManager.default.copyItem(
                at: journals.appendingPathComponent(name), to: program.folder.appendingPathComponent(copy))
        }
        let run = try program.call("run", "long.json")
        #expect(run.code == 0 && run.messages.contains("1 of 1 trial completed"), "\(run.messages)")
        let path = program.folder.appendingPathComponent("journal.sqlite").path
        let journal = try Journal(reading: path, programVersion: "test")
        #expect(
            try journal.resultDigest(of: journal.experiment(named: "long").id)
                == "0777c8b0b010c7a36701b846727f59753da06d595f076d668067dc25e0a11a18")
    }
}
