import Foundation

/// Starts the processes that measure.
struct Laboratory {
    let dataFolder: String?
    let python: String
    let threads: Int

    /// Beside this program's own source.
    private static let peers = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("peers")

    /// The libraries that Python can import.
    func installedLibraries() -> Set<PeerLibrary> {
        Set(
            PeerLibrary.allCases.filter { library in
                (try? ChildProcess([python, "-c", "import \(library.rawValue)"]).output()) != nil
            })
    }

    /// Measures a contestant once: one measurement for each of its processes, which run at once.
    func measure(_ work: Work, _ contestant: Contestant) throws -> [Measurement] {
        let children = try (0..<contestant.processes).map { _ in try ChildProcess(call(work, contestant)) }
        return try children.map { try Measurement(output: $0.output()) }
    }

    private func call(_ work: Work, _ contestant: Contestant) -> [String] {
        func ours(threads: Int) -> [String] {
            let data = dataFolder.map { ["--data", $0] } ?? []
            return [ChildProcess.thisProgram, "measure", work.rawValue, "--threads", "\(threads)"] + data
        }
        func peer(_ library: PeerLibrary) -> [String] {
            [
                python, Self.peers.appendingPathComponent(work.peerFile(library)).path, work.rawValue,
                "--repeats", "\(work.repeats)", "--threads", "\(threads)",
            ]
        }
        return switch contestant {
        case .journal(let threads): ours(threads: threads)
        case .journalSideBySide: ours(threads: 1)
        case .peer(let library): peer(library)
        case .compiledPeer(let library): peer(library) + ["--compiled"]
        }
    }
}
