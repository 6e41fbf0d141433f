import Foundation
import Testing

/// `plot` as a person calls it.
@Suite struct PlotCommandTests {
    let program = try! Program()

    init() throws {
        try program.write(
            """
            {"name": "tuned", "selfTuning": {
                "problem": {"kind": "square", "widths": [3, 3]}, "batchSize": 10, "rounds": 8, "repeats": 2,
                "hyperparameters": [{"name": "inputRange", "space": {"kind": "positive"}, "initial": 0.5}],
                "snapshotEvery": 4}}
            """, to: "tuned.json")
        try #require(try program.call("run", "tuned.json", "--quiet").code == 0)
    }

    private func data(_ name: String) throws -> Data {
        try Data(contentsOf: program.folder.appendingPathComponent(name))
    }

    @Test func curvesAreDrawn() throws {
        let all = try program.call("plot", "tuned")
        #expect(all.code == 0 && all.messages == "Drew 7 panels in tuned.svg.\n", "\(all.messages)")
        let text = String(decoding: try data("tuned.svg"), as: UTF8.self)
        for panel in [
            "distance", "inputRange", "inputRange/scale", "trainingLoss", "validationLoss", "function", "bound",
        ] {
            #expect(text.contains(">\(panel)"), "\(panel)")
        }
        // Again, in place of the earlier picture.
        #expect(
            try program.call("plot", "tuned", "--metric", "distance", "--to", "tuned.svg").messages.hasPrefix(
                "Drew 1 panel"))
        #expect(try data("tuned.svg").count < text.utf8.count)
        let animation = try program.call("plot", "tuned", "--animate", "moving.svg", "--theme", "dark")
        #expect(animation.code == 0 && animation.messages == "Drew 3 pictures in moving.svg.\n")
    }

    private static let hasPainters = ["rsvg-convert", "convert"].allSatisfy { name in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }

    @Test(.enabled(if: hasPainters, "it takes librsvg and ImageMagick"))
    func gifsAreWritten() throws {
        let outcome = try program.call("plot", "tuned", "--animate", "moving.gif")
        #expect(outcome.code == 0, "\(outcome.messages)")
        #expect(try data("moving.gif").starts(with: Data("GIF89a".utf8)))
    }

    @Test func whatCannotBeDrawnIsTold() throws {
        let unknown = try program.call("plot", "tuned", "--metric", "loss")
        #expect(unknown.code != 0 && unknown.messages.contains("tuned has no curve loss; it has distance, inputRange,"))
        let missing = try program.call("plot", "tuned", "--animate", "moving.gif", environment: ["PATH": "/nowhere"])
        #expect(
            missing.code == 69 && missing.messages.contains("a GIF takes rsvg-convert, which is not installed here"))
        #expect(!program.has("moving.gif"))
        #expect(try program.call("plot", "tuned", "--to", "tuned.png").messages.contains("ends in .svg"))
        let spec = try program.call("plot", "tuned", "--to", "tuned.json.svg")
        #expect(spec.code == 0)
        try program.write("my notes", to: "notes.svg")
        let notes = try program.call("plot", "tuned", "--to", "notes.svg")
        #expect(notes.code == 73 && notes.messages.contains("notes.svg is there already, and is no picture"))
        #expect(try data("notes.svg") == Data("my notes".utf8))
    }
}
