import ExperimentSpec
import Foundation

/// What all tasks of a run read: which trials of which experiment each runs, and with which program.
struct Manifest: Codable, Sendable, Equatable {
    /// Tells the run's jobs from all others in the queue.
    let id: String
    /// The version of the program that submitted the run. No other one may run its trials.
    let programVersion: String
    /// The program's file.
    let program: String
    /// The experiment's name and hash.
    let name: String
    let hash: String
    /// The spec after overrides, as one line of JSON.
    let spec: String
    /// The spec's text as the journal keeps it.
    let text: String
    /// Where the spec lies: its paths are relative to it.
    let specFolder: String
    /// Where the data are; nil for where the program looks by itself.
    let dataFolder: String?
    /// The journal that all of it comes to.
    let journal: String
    let settings: ClusterSettings
    /// For each phase, how many shares it has. Shares are numbered through.
    let phases: [Int]
    /// The places in the plan of each share's trials.
    let shares: [[Int]]

    /// `NAME@HASH`, with as much of the hash as people read.
    var reference: String { "\(name)@\(hash.prefix(12))" }

    /// The numbers of a phase's shares.
    func shares(ofPhase phase: Int) -> Range<Int> {
        let first = phases[..<phase].reduce(0, +)
        return first..<first + phases[phase]
    }

    func phase(of share: Int) -> Int { phases.indices.first { shares(ofPhase: $0).contains(share) } ?? 0 }

    /// The name of the jobs whose tasks run shares.
    var jobName: String { "journal-\(id)" }

    /// The name of the job that gathers what a phase has come to.
    func gatheringName(phase: Int) -> String { "journal-\(id)-gather-\(phase)" }

    /// All jobs that the run may have.
    var jobNames: [String] { [jobName] + phases.indices.dropLast().map { gatheringName(phase: $0) } }
}
