import Foundation
import Testing

/// `plot` as a person calls it.
@Suite struct PlotCommandTests {
    let program = try! Program()

    private static let specs = [
        "tuned": """
        {"name": "tuned", "selfTuning": {
            "problem": {"kind": "square", "widths": [3, 3]}, "batchSize": 10, "rounds": 8, "repeats": 2,
            "hyperparameters": [{"name": "inputRange", "space": {"kind": "positive"}, "initial": 0.5}],
            "snapshotEvery": 4}}
        """,
        // One of them diverges; two parameters, with snapshots; and settings that differ.
        "steps": """
        {"name": "steps", "seed": 3, "problem": {"kind": "quadratic", "batchSize": 1, "dimensions": 2},
         "sweep": {"evaluation.optimizers.0.learningRate": [0.1, 0.01]},
         "evaluation": {"steps": 400, "repeats": 3, "snapshotEvery": 50, "optimizers": [
            {"kind": "adam"}, {"kind": "sgd", "name": "too <fast>", "learningRate": 40}]}}
        """,
        "drawn": """
        {"name": "drawn", "seed": 3,
         "problem": {"kind": "classification", "dataset": "synthetic-digits", "batchSize": 8,
            "student": {"random": {"layers": [1, 2], "units": [2, 4]}}},
         "evaluation": {"steps": 3, "repeats": 3, "optimizers": [{"kind": "adam"}, {"kind": "sgd"}]}}
        """,
    ]

    private func run(_ names: String...) throws {
        for name in names {
            try program.write(Self.specs[name] ?? "", to: "\(name).json")
            let outcome = try program.call("run", "\(name).json", "--quiet")
            try #require(outcome.code == 0, "\(outcome.messages)")
        }
    }

    private func data(_ name: String) throws -> Data {
        try Data(contentsOf: program.folder.appendingPathComponent(name))
    }

    private func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

    @Test func curvesAreDrawn() throws {
        try run("tuned")
        let all = try program.call("plot", "tuned", "--to", "tuned.svg")
        #expect(all.code == 0 && all.messages == "Drew 7 panels in tuned.svg.\n", "\(all.messages)")
        let text = try text("tuned.svg")
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

    private static let kinds = [
        ["steps", "--metric", "loss", "--log"], ["steps", "--metric", "loss", "--linear", "--smooth", "5"],
        ["steps", "--kind", "trajectories"], ["tuned", "--kind", "trajectories"],
        ["steps", "--kind", "steps-to-target", "--target", "0.1"], ["steps", "--kind", "profile"],
        ["steps", "--kind", "histogram"], ["drawn", "--kind", "architectures"],
        ["drawn", "--kind", "architectures", "--by", "depth", "--metric", "accuracy"],
        ["steps", "--kind", "differences"], ["drawn", "--kind", "differences", "--against", "sgd"],
        ["steps", "--kind", "sweep"], ["drawn", "steps", "--metric", "loss"],
    ]

    /// Each kind in the terminal, in ASCII too, within its width; and as SVG and HTML.
    @Test func everyKindIsDrawn() throws {
        try run("tuned", "steps", "drawn")
        for arguments in Self.kinds {
            let drawn = try program.start(["plot"] + arguments, environment: ["COLUMNS": "80"]).outcome()
            #expect(drawn.code == 0, "\(arguments): \(drawn.messages)")
            #expect(drawn.lines.allSatisfy { $0.count <= 80 }, "\(drawn.output)")
            let ascii = try program.start(["plot"] + arguments + ["--ascii"]).outcome()
            #expect(ascii.code == 0 && ascii.output.utf8.allSatisfy { $0 < 0x80 })
            // As where the locale asks for it.
            #expect(
                try program.start(["plot"] + arguments, environment: ["LANG": "C"]).outcome().output == ascii.output)
            for file in ["chart.svg", "chart.html"] {
                let written = try program.start(["plot"] + arguments + ["--to", file]).outcome()
                #expect(written.code == 0, "\(written.messages)")
            }
            let page = try text("chart.html")
            #expect(page.contains("<table>") && page.contains("prefers-color-scheme:dark") && !page.contains("<script"))
            #expect(try text("chart.svg").contains("role=\"img\""))
            #expect(!page.contains("too <fast>"))
        }
    }

    @Test func whoDivergedIsTold() throws {
        try run("steps")
        let drawn = try program.call("plot", "steps", "--metric", "loss")
        #expect(drawn.output.contains("too <fast>") && drawn.output.contains("3 diverged"), "\(drawn.output)")
        #expect(drawn.output.contains("n = 3") && drawn.output.contains("×"))
        let share = try program.call("plot", "steps", "--kind", "steps-to-target", "--target", "1e30")
        #expect(share.output.contains("3 of 3"))
    }

    private static func hasPrograms(_ names: String...) -> Bool {
        names.allSatisfy { name in
            (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
                FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
            }
        }
    }

    @Test(.enabled(if: hasPrograms("rsvg-convert", "convert"), "it takes librsvg and ImageMagick"))
    func gifsAreWritten() throws {
        try run("tuned")
        for arguments in [["--animate", "moving.gif"], ["--to", "moving.gif"]] {
            let outcome = try program.start(["plot", "tuned"] + arguments).outcome()
            #expect(outcome.code == 0, "\(outcome.messages)")
            #expect(try data("moving.gif").starts(with: Data("GIF89a".utf8)))
        }
    }

    @Test(.enabled(if: hasPrograms("rsvg-convert"), "it takes librsvg"))
    func picturesArePainted() throws {
        try run("steps")
        for (file, beginning) in [("chart.png", [0x89, 0x50, 0x4E, 0x47]), ("chart.pdf", Array("%PDF".utf8))] {
            // The second time in place of the first.
            for _ in 0..<2 {
                let outcome = try program.call("plot", "steps", "--metric", "loss", "--to", file, "--theme", "dark")
                #expect(outcome.code == 0, "\(outcome.messages)")
                #expect(try data(file).starts(with: beginning.map { UInt8($0) }))
            }
        }
    }

    @Test func whatCannotBeDrawnIsTold() throws {
        try run("tuned", "steps", "drawn")
        let unknown = try program.call("plot", "tuned", "--metric", "loss")
        #expect(unknown.code != 0 && unknown.messages.contains("tuned has no curve loss; it has distance, inputRange,"))
        let missing = try program.call("plot", "tuned", "--animate", "moving.gif", environment: ["PATH": "/nowhere"])
        #expect(
            missing.code == 69 && missing.messages.contains("a GIF takes rsvg-convert, which is not installed here"))
        #expect(!program.has("moving.gif"))
        let painter = try program.call("plot", "steps", "--to", "chart.pdf", environment: ["PATH": "/nowhere"])
        #expect(
            painter.code == 69 && painter.messages.contains("a PDF takes rsvg-convert, which is not installed here"))
        #expect(!program.has("chart.pdf"))
        for (arguments, code, message) in [
            (["tuned", "--to", "tuned.jpeg"], 64, ".svg, .png, .pdf, .html or .gif"),
            (["steps", "--kind", "steps-to-target"], 64, "needs the loss that is sought: --target; the curves end"),
            (["steps", "--kind", "architectures"], 66, "no completed trial of steps has recorded its network"),
            (["steps", "--kind", "profile", "--metric", "speed"], 66, "has the result speed; there are"),
            (["steps", "--kind", "differences", "--against", "lion"], 66, "no optimizer lion; it has adam"),
            (["drawn", "--kind", "trajectories"], 66, "snapshotEvery"),
            (["drawn", "--kind", "curves", "--problem", "x"], 66, "has no problem x; its problems are"),
            (["drawn", "--animate", "moving.svg"], 66, "kept pictures of a function"),
            (["drawn", "--log", "--linear"], 64, "give one of them"),
            (["drawn", "--theme", "page"], 64, "--theme"),
            (["nothing"], 66, "nothing"),
        ] {
            let outcome = try program.start(["plot"] + arguments).outcome()
            #expect(outcome.code == code && outcome.messages.contains(message), "\(arguments): \(outcome)")
        }
        let spec = try program.call("plot", "tuned", "--to", "tuned.json.svg")
        #expect(spec.code == 0)
        try program.write("my notes", to: "notes.svg")
        let notes = try program.call("plot", "tuned", "--to", "notes.svg")
        #expect(notes.code == 73 && notes.messages.contains("notes.svg is there already, and is no picture"))
        #expect(try data("notes.svg") == Data("my notes".utf8))
    }
}
