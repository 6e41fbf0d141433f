import Foundation
import JournalStore

/// How often the queue is asked, and what is done where it gives no answer: that is not the same as an empty one.
struct QueuePatience {
    /// Seconds from one question to the next: few where something happens, more where nothing does.
    private var interval = shortest
    private var silentSince: Date?

    private static let shortest = 1.0
    private static let longest = 10.0
    /// Seconds without an answer after which it is given up: Slurm's controller may well be restarted.
    private static let most = 3600.0

    /// The answer; nil where there is none yet.
    mutating func ask<Answer>(_ question: () throws -> Answer, _ report: (String) -> Void) throws -> Answer? {
        do {
            let answer = try question()
            if silentSince != nil { report("Slurm answers again.") }
            silentSince = nil
            return answer
        } catch let error as JournalError where error.kind == .unavailable {
            if silentSince == nil { report("Slurm gives no answer, and is asked again (\(error.message)).") }
            let since = silentSince ?? Date.now
            silentSince = since
            guard Date.now.timeIntervalSince(since) < Self.most else { throw error }
            return nil
        }
    }

    mutating func note(isNews: Bool) { interval = isNews ? Self.shortest : min(interval * 1.3, Self.longest) }

    /// Waits until it is time to ask again.
    func rest(_ isToldToStop: () -> Bool) {
        let end = Date.now + interval
        while Date.now < end, !isToldToStop() { usleep(50_000) }
    }
}
