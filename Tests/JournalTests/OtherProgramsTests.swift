import Foundation
import Testing

/// Files for other programs and from them, written and read by the program as a person calls it, and by those programs
/// where they are installed.
@Suite struct OtherProgramsTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
    }

    /// Whether Python has these packages.
    static func has(_ packages: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "python3 -c 'import \(packages)' 2>/dev/null"]
        try? process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private func python(_ lines: String) throws -> Program.Outcome {
        try program.write(lines, to: "check.py")
        return try program.shell("python3 check.py")
    }

    @Test func tablesHaveWhatTheJournalHas() throws {
        try program.call("run", "quadratic.json", "--quiet")
        for (subject, sql) in [
            ("trials", nil), ("results", nil),
            (
                "points",
                """
                SELECT trial, experiments.name AS experiment, substr(hash, 1, 12) AS version, kind, problem, optimizer,
                    seed, metric, step, value
                FROM points JOIN trials ON trials.id = trial JOIN experiments ON experiments.id = experiment
                ORDER BY trial, metric, step
                """
            ),
        ] {
            let export = try program.call("export", subject, "quadratic", "--to", "\(subject).csv")
            #expect(export.code == 0, "\(export.messages)")
            let query =
                try sql.map { try program.call("query", "--format", "csv", "--sql", $0) }
                ?? program.call("query", subject, "--experiment", "quadratic", "--format", "csv")
            #expect(query.lines.count > 21)
            #expect(try program.shell("cat \(subject).csv").output == query.output)
            // JSON Lines says the same, an object a line.
            #expect(try program.call("export", subject, "--to", "\(subject).jsonl").code == 0)
            let lines = try program.shell("cat \(subject).jsonl").lines
            #expect(lines.count == query.lines.count - 1)
            for line in lines.prefix(50) {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["experiment"] as? String == "quadratic")
            }
        }
        let loss = try program.shell(
            #""$JOURNAL_PROGRAM" export points quadratic --metric loss --to /dev/stdout --format csv"#)
        #expect(loss.lines.count > 21 && loss.lines.dropFirst().allSatisfy { $0.contains(",loss,") })
    }

    @Test func infiniteAndMissingPointsAreSpelledAsEverywhere() throws {
        try program.write(
            Specs.quadratic.replacingOccurrences(of: "[0.1, 0.01]", with: "[1e30]"), to: "quadratic.json")
        try program.call("run", "quadratic.json", "--quiet")
        try program.call("export", "points", "--to", "points.csv")
        try program.call("export", "points", "--to", "points.jsonl")
        #expect(try program.shell("grep -c ',inf$' points.csv").code == 0)
        #expect(try program.shell("grep -c ',nan$' points.csv").code == 0)
        let texts = try program.shell(#"grep -o '"value": "[A-Za-z-]*"' points.jsonl | sort -u"#).lines
        #expect(Set(texts).isSubset(of: [#""value": "Infinity""#, #""value": "-Infinity""#, #""value": "NaN""#]))
        #expect(texts.count >= 2)
    }

    @Test func earlierExportsAreReplacedAndNothingElse() throws {
        try program.call("run", "quadratic.json", "--quiet")
        for file in ["points.csv", "points.jsonl"] {
            #expect(try program.call("export", "points", "--to", file).code == 0)
            #expect(try program.call("export", "points", "--to", file).code == 0)
        }
        try program.write("mine\n", to: "notes.csv")
        let foreign = try program.call("export", "points", "--to", "notes.csv")
        #expect(foreign.code == 73)
        #expect(try program.shell("cat notes.csv").output == "mine\n")
        #expect(try program.call("export", "points", "--to", "notes.csv", "--force").code == 0)
        let unnamed = try program.call("export", "points", "--to", "points.txt")
        #expect(unnamed.code == 64 && unnamed.messages.contains(".jsonl"))
        let unknown = try program.call("export", "points", "--metric", "los", "--to", "a.csv")
        #expect(unknown.code == 66 && unknown.messages.contains("did you mean loss?"))
        #expect(!program.has("a.csv"))
        #expect(try program.shell("ls -A | grep '^[.]'").output.isEmpty)
    }

    @Test func eventFilesComeBackAsTheyWere() throws {
        try program.call("run", "quadratic.json", "--quiet")
        let export = try program.call("export", "tensorboard", "quadratic", "--to", "runs")
        #expect(export.code == 0)
        #expect(export.messages.contains("Wrote 21 runs to runs"))
        #expect(try program.call("export", "tensorboard", "quadratic", "--to", "runs").code == 0)
        #expect(try program.shell("find runs -type f | wc -l").lines.first?.contains("21") ?? false)
        let other = ["JOURNAL": "other.sqlite"]
        let imported = try program.call("import", "tensorboard", "runs", "--name", "back", environment: other)
        #expect(imported.messages == "Imported 21 runs as back.\n")
        let again = try program.call("import", "tensorboard", "runs", "--name", "back", environment: other)
        #expect(again.messages.contains("Nothing to do"))
        func losses(_ environment: [String: String]) throws -> String {
            try program.call(
                "query", "--format", "csv", "--sql",
                "SELECT step, value FROM points WHERE metric = 'loss' ORDER BY step, value", environment: environment
            ).output
        }
        #expect(try losses(other) == losses([:]))
        // Reports take the trials like others.
        #expect(try program.call("compare", "back", environment: other).code == 0)
        #expect(try program.call("plot", "back", "--metric", "loss", environment: other).code == 0)
    }

    @Test(.enabled(if: has("tensorboard"), "needs Python's package tensorboard"))
    func tensorBoardReadsWhatIsExported() throws {
        try program.call("run", "quadratic.json", "--quiet")
        try program.call("export", "tensorboard", "quadratic", "--to", "runs")
        let check = try python(
            """
            import glob, sqlite3
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            journal = sqlite3.connect("journal.sqlite")
            found = []
            for run in glob.glob("runs/*/*"):
                events = EventAccumulator(run).Reload()
                for tag in events.Tags()["scalars"]:
                    found += [(tag, e.step, e.value) for e in events.Scalars(tag)]
            import struct
            single = lambda x: struct.unpack("f", struct.pack("f", x))[0]
            kept = [(m, s, single(v)) for m, s, v in journal.execute("SELECT metric, step, value FROM points")]
            assert len(kept) > 400 and sorted(found) == sorted(kept), (len(found), len(kept))
            print("the same", len(kept))
            """)
        #expect(check.code == 0, "\(check.messages)")
    }

    @Test(.enabled(if: has("mlflow"), "needs Python's package mlflow"))
    func runsThatMLflowWritesAreImported() throws {
        let write = try python(
            """
            import mlflow
            mlflow.set_tracking_uri("sqlite:///mlflow.db")
            mlflow.set_experiment("two optimizers")
            for optimizer in ("adam", "sgd"):
                for seed in range(6):
                    with mlflow.start_run(run_name=f"{optimizer}-{seed}"):
                        mlflow.log_params({"optimizer": optimizer, "seed": seed})
                        for step in range(10):
                            mlflow.log_metric("loss", 1 / (step + 1 + seed) + (optimizer == "sgd"), step=step)
            """)
        #expect(write.code == 0, "\(write.messages)")
        let imported = try program.call("import", "mlflow", "mlflow.db")
        #expect(imported.messages == "Imported 12 runs as two-optimizers.\n")
        let compare = try program.call("compare", "two-optimizers")
        #expect(compare.code == 0)
        #expect(compare.output.contains("adam") && compare.output.contains("sgd"))
        let plot = try program.call("plot", "two-optimizers", "--to", "two.svg")
        #expect(plot.code == 0)
    }

    @Test(.enabled(if: has("duckdb, pandas, pyarrow"), "needs Python's packages duckdb, pandas and pyarrow"))
    func theOneLinersForParquetWork() throws {
        try program.call("run", "quadratic.json", "--quiet")
        try program.call("export", "points", "--to", "points.csv")
        // As docs/export.md has them.
        let guide = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../docs/export.md"), encoding: .utf8)
        let lines = guide.split(separator: "\n").filter { $0.hasPrefix("python3 -c ") }
        #expect(lines.count == 3)
        for line in lines {
            let outcome = try program.shell("rm -f points.parquet; \(line)")
            #expect(outcome.code == 0, "\(outcome.messages)")
            let count = try program.shell(
                "python3 -c \"import pandas; print(len(pandas.read_parquet('points.parquet')))\"")
            let points = try program.call("query", "--format", "csv", "--sql", "SELECT count(*) FROM points")
            #expect(count.lines.last == points.lines.last)
        }
    }

    @Test func faultsHaveTheirExitCodes() throws {
        func expectRefusal(_ arguments: String..., code: Int32, saying words: String) throws {
            let outcome = try program.start(arguments, environment: [:]).outcome()
            #expect(outcome.code == code, "\(outcome.messages)")
            #expect(outcome.messages.contains(words), "\(outcome.messages)")
        }
        try expectRefusal("import", "mlflow", "none", code: 66, saying: "there is no folder or database")
        try expectRefusal("import", "mlflow", "quadratic.json", code: 65, saying: "no database of MLflow")
        try expectRefusal("import", "tensorboard", "none", code: 66, saying: "there is no folder none")
        #expect(try program.shell("mkdir empty").code == 0)
        try expectRefusal("import", "tensorboard", "empty", code: 66, saying: "no event files")
        try expectRefusal("import", "mlflow", "empty", code: 66, saying: "no runs")
        try program.write("no events", to: "empty/tfevents")
        try expectRefusal("import", "tensorboard", "empty", "--name", "a b", code: 64, saying: "--name")
        #expect(!program.has("journal.sqlite"))
        try expectRefusal("export", "tensorboard", "--to", "runs", code: 66, saying: "there is no journal")
    }
}
