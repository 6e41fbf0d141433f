import Foundation

/// The results of works on recorded runs as Markdown.
struct RecordingReport {
    let results: [RecordingResults]

    /// - Parameter conditions: when and on what it was measured.
    func markdown(conditions: String) -> String {
        var programs: [String] = []
        for result in results {
            for contestant in result.contestants where contestant != .journal {
                let program = result.measurements(contestant)[0].program
                if !programs.contains(where: { $0.hasPrefix(program) }) {
                    programs.removeAll { program.hasPrefix($0) }
                    programs.append(program)
                }
            }
        }
        let header = ([conditions] + programs).joined(separator: ", ") + "."
        return ([header] + results.map(table)).joined(separator: "\n\n")
    }

    private func table(_ result: RecordingResults) -> String {
        let columns = [
            result.work.title, "whole process", "takes", "of processors", "takes", "the work alone", "takes",
            "peak memory", "on disk",
        ]
        var rows = [columns, Array(repeating: "---", count: columns.count)]
        for contestant in result.contestants {
            func seconds(_ quantity: (RecordingMeasurement) -> Double?) -> String {
                result.median(contestant, quantity).map(Self.time) ?? ""
            }
            func ratio(_ other: RecordingContestant, _ quantity: (RecordingMeasurement) -> Double?) -> String {
                result.ratio(contestant, to: other, quantity).map(Self.times) ?? ""
            }
            rows.append([
                contestant.name, seconds(\.wholeSeconds), ratio(.journal, \.wholeSeconds),
                seconds(\.processorSeconds), ratio(.journal, \.processorSeconds),
                seconds(\.aloneSeconds), ratio(result.work.aloneReference, \.aloneSeconds),
                "\(Int((result.measurements(contestant).map(\.peakMebibytes).max() ?? 0).rounded())) MiB",
                result.measurements(contestant).compactMap(\.bytes).max().map { Self.mebibytes($0) } ?? "",
            ])
        }
        let used = columns.indices.filter { column in rows.dropFirst(2).contains { !$0[column].isEmpty } }
        return rows.map { row in "| " + used.map { row[$0] }.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private static func time(_ seconds: Double) -> String {
        seconds < 0.1 ? String(format: "%.1f ms", seconds * 1000) : String(format: "%.2f s", seconds)
    }

    private static func times(_ ratio: Spread) -> String {
        let format = ratio.median < 0.95 ? "%.2f" : ratio.median < 9.95 ? "%.1f" : "%.0f"
        let values = [ratio.median, ratio.lowest, ratio.highest]
        let texts = values.map { String(format: format, $0) }
        return "\(texts[0])× (\(texts[1])–\(texts[2]))"
    }

    private static func mebibytes(_ bytes: Int) -> String { String(format: "%.1f MiB", Double(bytes) / 1_048_576) }
}
