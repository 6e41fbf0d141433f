import Foundation

/// The results of all works as Markdown.
struct BenchmarkReport {
    let results: [WorkResults]
    let threads: Int

    private var ours: Contestant { .journal(threads: threads) }

    /// Those that were measured.
    private var libraries: [PeerLibrary] {
        PeerLibrary.allCases.filter { library in results.contains { $0.best(library) != nil } }
    }

    /// - Parameter conditions: when and on what it was measured.
    func markdown(conditions: String) -> String {
        let programs = libraries.compactMap { library in
            results.lazy.compactMap { $0.program(.peer(library)) }.first
        }
        let header = ([conditions] + programs).joined(separator: ", ") + "."
        return ([header, "", comparison] + results.compactMap(scaling).flatMap { ["", $0] }).joined(separator: "\n")
    }

    /// A row for each work: times, how many times as long the peers take, and peak memory.
    private var comparison: String {
        let names = libraries.map(\.name)
        var rows = [
            ["work", "journal"] + names + names.map { "\($0) takes" } + ["peak memory: journal"] + names,
            Self.rule(3 + 3 * names.count),
        ]
        for result in results {
            let peers = libraries.map { result.best($0) }
            func cells(_ cell: (Contestant) -> String?) -> [String] { peers.map { $0.flatMap(cell) ?? "" } }
            func seconds(_ contestant: Contestant) -> String? {
                result.seconds(contestant).map { Self.time($0.median) + Self.mark(contestant) }
            }
            func memory(_ contestant: Contestant) -> String? {
                result.peakMebibytes(contestant).map { "\(Int($0.rounded())) MiB" }
            }
            rows.append(
                [result.work.title, seconds(ours) ?? ""] + cells(seconds)
                    + cells { result.ratio($0, to: ours).map(Self.times) } + [memory(ours) ?? ""] + cells(memory))
        }
        return Self.table(rows)
    }

    /// What several threads and processes bring, where that was measured.
    private func scaling(_ result: WorkResults) -> String? {
        let (single, pair) = (Contestant.journal(threads: 1), Contestant.journalSideBySide(threads))
        guard let alone = result.seconds(single), let several = result.seconds(ours), let beside = result.seconds(pair),
            let speed = result.ratio(single, to: ours), let share = result.ratio(single, to: pair)
        else { return nil }
        return Self.table([
            ["`\(result.work.rawValue)` on several processors", "a step", "speed"],
            Self.rule(3),
            ["one thread", Self.time(alone.median), "1"],
            ["\(threads) threads", Self.time(several.median), Self.times(speed)],
            [
                "\(threads) processes of one thread each, side by side", Self.time(beside.median),
                Self.times(share) + " each",
            ],
        ])
    }

    private static func rule(_ columns: Int) -> [String] { Array(repeating: "---", count: columns) }

    private static func table(_ rows: [[String]]) -> String {
        rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private static func mark(_ contestant: Contestant) -> String {
        if case .compiledPeer = contestant { " (compiled)" } else { "" }
    }

    private static func time(_ seconds: Double) -> String {
        seconds < 0.1 ? String(format: "%.2f ms", seconds * 1000) : String(format: "%.3f s", seconds)
    }

    private static func times(_ ratio: Spread) -> String {
        String(format: "%.2f× (%.2f–%.2f)", ratio.median, ratio.lowest, ratio.highest)
    }
}
