import Foundation
import JournalStore
import Wording

/// Goes on with the shard of an earlier attempt that is gone: in a copy, since a node that was given up for lost may still
/// write to the old one.
struct ShardCopy {
    let source: String
    let target: String
    let programVersion: String

    /// Puts a copy in the target's place, sound and with nothing left half done.
    ///
    /// - Parameter ending: how the earlier attempt ended, in words.
    /// - Returns: whether there is one; else the target is as it was, and its trials start over.
    func make(saying ending: String) -> Bool {
        let new = target + ".new"
        defer { for file in [new, new + "-journal"] { try? FileManager.default.removeItem(atPath: file) } }
        do {
            let before = state
            guard before.count > 0 else { return false }
            for end in ["", "-journal"] where ForeignBytes.isThere(source + end) {
                try FileManager.default.copyItem(atPath: source + end, toPath: new + end)
            }
            // What was written to meanwhile is of two moments.
            guard state == before else { return false }
            let journal = try Journal(exclusively: new, programVersion: programVersion)
            try journal.requireSound()
            try journal.endRuns(saying: ending)
            try journal.close()
            return rename(new, target) == 0
        } catch {
            return false
        }
    }

    /// Sizes and times of the file and of what belongs to it.
    private var state: [Double] {
        ["", "-journal"].flatMap { end -> [Double] in
            let attributes = try? FileManager.default.attributesOfItem(atPath: source + end)
            guard let size = attributes?[.size] as? Int, let date = attributes?[.modificationDate] as? Date,
                size > 0 || !end.isEmpty
            else { return [] }
            return [Double(size), date.timeIntervalSinceReferenceDate]
        }
    }
}
