import Foundation
import Testing

@testable import TensorEngine

@Suite struct MachineTests {
    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func write(_ text: String, _ path: String) throws {
        let file = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private func group(_ membership: String) throws -> ControlGroup {
        try write(membership, "membership")
        return ControlGroup(membership: "\(folder)/membership", root: folder)
    }

    @Test func theQuotaOfAnyGroupAboveHolds() throws {
        try write("max 100000\n", "cpu.max")
        try write("250000 100000\n", "job/cpu.max")
        try write("max 100000\n", "job/step/cpu.max")
        try write("max\n", "memory.max")
        try write("4096000\n", "job/step/memory.max")
        let group = try group("0::/job/step\n")
        #expect(group.processors == 2.5)
        #expect(group.memory == 4_096_000)
    }

    @Test func theFirstVersionsGroupsAreRead() throws {
        try write("150000\n", "cpu/job/cpu.cfs_quota_us")
        try write("100000\n", "cpu/job/cpu.cfs_period_us")
        try write("-1\n", "cpu/cpu.cfs_quota_us")
        try write("9223372036854771712\n", "memory/memory.limit_in_bytes")
        let group = try group("4:memory:/\n2:cpu:/job\n9:name=systemd:/\n")
        #expect(group.processors == 1.5)
        #expect(group.memory == nil)
    }

    @Test func withoutGroupsThereIsNoLimit() throws {
        let group = ControlGroup(membership: "\(folder)/none", root: folder)
        #expect(group.processors == nil && group.memory == nil)
    }

    @Test(arguments: [("Cpus_allowed:\tff", 8), ("Cpus_allowed:\t00000001,80000000", 2), ("Cpus_allowed:\t2", 1)])
    func allowedProcessorsAreCounted(line: String, count: Int) throws {
        try write("Name:\tx\n\(line)\nCpus_allowed_list:\t0-7\n", "status")
        #expect(Machine.affinity(status: "\(folder)/status") == count)
    }

    @Test func thisMachineHasSome() {
        #expect(Machine.processors >= 1 && Machine.processors <= ProcessInfo.processInfo.processorCount)
        #expect(Machine.memory > 1 << 27)
    }
}
