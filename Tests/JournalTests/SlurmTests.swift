import Foundation
import Testing

/// Runs on a cluster as a person has them, against a real Slurm.
@Suite(.serialized, .enabled(if: SlurmSite.answers, SlurmSite.absence)) struct SlurmTests {
    let program = try! Program()

    /// Meta-training, tuning and evaluation: 40 trials, of which 20 need others.
    static let forty = """
        {"name": "forty", "seed": 3,
         "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [4]}, "epochs": 6, "steps": 20, "unrollLength": 10,
             "evaluation": {"every": 2, "epochs": 2}},
         "evaluation": {
             "steps": 20, "repeats": 10, "tuning": {"repeats": 3, "growth": 0},
             "optimizers": [
                 {"kind": "trained"}, {"kind": "sgd", "learningRate": {"tune": [0.1, 0.03, 0.01]}}, {"kind": "adam"}]},
         "cluster": {"cpus": 1, "trialsPerTask": 6}}
        """

    /// Long enough that a test can step in: a meta-training with checkpoints, and evaluations of it.
    static let slow = """
        {"name": "slow", "seed": 4,
         "problem": {"kind": "quadratic", "batchSize": 32, "dimensions": 10},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [20]}, "epochs": 150, "steps": 20, "unrollLength": 10,
             "evaluation": {"every": 50, "epochs": 1}},
         "evaluation": {
             "steps": 20000, "repeats": 4, "optimizers": [{"kind": "sgd"}, {"kind": "trained"}]}}
        """

    /// The same spec in another journal on this machine.
    private func requireLocalResults(_ spec: String) throws {
        #expect(try program.call("run", spec, "--quiet", "--journal", "here.sqlite").code == 0)
        let (there, here) = try (program.results("journal.sqlite"), program.results("here.sqlite"))
        #expect(there == here)
        #expect(there.count > 40)
    }

    @Test func fortyTrialsGiveTheSameJournalAsHere() throws {
        try program.write(Self.forty, to: "forty.json")
        let run = try program.slurm("run", "forty.json", "--on", "slurm")
        #expect(run.code == 0, "\(run.messages)")
        #expect(run.messages.contains("40 of 40 trials completed"))
        #expect(run.output == (try program.call("compare", "forty").output))
        try requireLocalResults("forty.json")
        let places = try program.call(
            "query", "--format", "csv", "--sql",
            "SELECT count(*), count(DISTINCT job), count(DISTINCT host) FROM trialRecords JOIN runs ON runs.id = run"
        ).lines
        #expect(places[1].hasPrefix("40,8,"), "\(places)")
        let again = try program.slurm("run", "forty.json", "--on", "slurm")
        #expect(again.code == 0 && again.messages.contains("nothing left to do"))
    }

    @Test func aTaskThatIsKilledGoesOnToTheSameResults() throws {
        try program.write(
            Self.slow.replacingOccurrences(of: "\"epochs\": 150", with: "\"epochs\": 6000"), to: "slow.json")
        let call = try program.startSlurm(["run", "slow.json", "--on", "slurm", "--trials-per-task", "2"])
        try program.wait("no task has written a checkpoint") {
            try program.reports().contains {
                $0["share"] as? Int == 0 && $0["state"] as? String == "running" && ($0["done"] as? Double ?? 0) > 0
            }
        }
        let task = try #require(try program.tasks().first { $0.share == 0 })
        kill(task.process, SIGKILL)
        let run = try call.outcome()
        #expect(run.code == 0, "\(run.messages)")
        #expect(run.messages.contains("Task 0") && run.messages.contains("killed by signal 9"), "\(run.messages)")
        #expect(run.messages.contains("9 of 9 trials completed"))
        let endings = try program.call(
            "query", "--journal", try #require(program.clusterRun).path + "/shards/00000-1.sqlite", "--format", "csv",
            "--sql",
            "SELECT ending FROM runs ORDER BY id"
        ).lines
        #expect(endings.dropFirst().first == "it was killed by signal 9" && endings.count == 3, "\(endings)")
        try requireLocalResults("slow.json")
    }

    /// What runs on the nodes is what submitted: here another version takes the program's place meanwhile.
    @Test func aProgramOfAnotherVersionIsRefusedOnTheNode() throws {
        try program.write(
            Self.slow.replacingOccurrences(of: "\"epochs\": 150", with: "\"epochs\": 6000"), to: "slow.json")
        let version = try #require(program.call("--version").lines.first?.split(separator: " ").last)
        let other = "9" + version.dropFirst()
        #expect(try program.shell("mkdir bin && cp \"$JOURNAL_PROGRAM\" bin/journal").code == 0)
        let call = try Call(
            program.folder.appendingPathComponent("bin/journal"),
            ["run", "slow.json", "--on", "slurm", "--trials-per-task", "2"], in: program.folder,
            environment: SlurmSite.environment)
        try program.wait("the meta-training does not run") { try program.tasks().contains { $0.share == 0 } }
        let replacing = try program.shell(
            "LC_ALL=C sed 's/\(version.replacingOccurrences(of: ".", with: "[.]"))/\(other)/g' bin/journal > bin/new "
                + "&& chmod 755 bin/new && bin/new --version && mv bin/new bin/journal")
        #expect(replacing.code == 0 && replacing.output.contains(other), "\(replacing.messages)")
        let task = try #require(try program.tasks().first { $0.share == 0 })
        kill(task.process, SIGKILL)
        let run = try call.outcome()
        #expect(run.code != 0, "\(run.messages)")
        #expect(run.messages.contains("the node's program is journal \(other)"), "\(run.messages)")
        #expect(run.messages.contains("submitted by journal \(version)"), "\(run.messages)")
    }

    @Test func theTasksGoOnWithoutTheProcessThatWaits() throws {
        try program.write(Self.slow, to: "slow.json")
        let call = try program.startSlurm(["run", "slow.json", "--on", "slurm", "--trials-per-task", "2"])
        try program.wait("no task runs") { try !program.tasks().isEmpty }
        kill(call.process.processIdentifier, SIGKILL)
        #expect(try call.outcome().code == -SIGKILL)
        let run = try program.slurm("attach", "slow")
        #expect(run.code == 0, "\(run.messages)")
        #expect(run.messages.contains("9 of 9 trials completed"), "\(run.messages)")
        // Each in one task, which ran once.
        let attempts = try program.reports().map { $0["attempt"] as? Int }
        #expect(attempts.count == 5 && attempts.allSatisfy { $0 == 0 }, "\(attempts)")
        try requireLocalResults("slow.json")
    }

    @Test(.enabled(if: SlurmSite.ownFolder != nil, "no nodes of our own to kill"))
    func aNodeThatIsLostTakesNothingWithIt() throws {
        try program.write(Self.slow, to: "slow.json")
        let folder = try #require(SlurmSite.ownFolder)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
        let call = try program.startSlurm(["run", "slow.json", "--on", "slurm", "--trials-per-task", "1"])
        try program.wait("no task runs on node1") {
            try program.reports().contains { $0["node"] as? String == "node1" && $0["state"] as? String == "running" }
        }
        let file = try String(contentsOfFile: "\(folder)/slurmd-node1.pid", encoding: .utf8)
        let daemon = try #require(pid_t(file.trimmingCharacters(in: .whitespacesAndNewlines)))
        // All that runs on the node goes: its daemon, the shepherd of each task, and the task.
        let lost = try program.reports().filter {
            $0["node"] as? String == "node1" && $0["state"] as? String == "running"
        }
        .compactMap { $0["share"] as? Int }
        kill(daemon, SIGKILL)
        for task in try program.tasks() where lost.contains(task.share) {
            kill(try Self.parent(of: task.process), SIGKILL)
            kill(task.process, SIGKILL)
        }
        defer { _ = try? program.shell("'\(script)/Slurm/node' node1 '\(folder)'") }
        let run = try call.outcome()
        #expect(run.code == 0, "\(run.messages)")
        #expect(run.messages.contains("9 of 9 trials completed"), "\(run.messages)")
        #expect(run.messages.contains("was requeued by Slurm"), "\(run.messages)")
        try requireLocalResults("slow.json")
    }

    private static func parent(of process: pid_t) throws -> pid_t {
        let lines = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
        return try #require(lines.first { $0.hasPrefix("PPid:") }.flatMap { pid_t($0.dropFirst(5).filter(\.isNumber)) })
    }

    @Test func aRunThatIsCancelledLeavesSoundShards() throws {
        let endless = Self.slow.replacingOccurrences(of: "\"epochs\": 150", with: "\"epochs\": 100000")
        try program.write(endless, to: "slow.json")
        let submitted = try program.slurm("run", "slow.json", "--on", "slurm", "--detach", "--trials-per-task", "2")
        #expect(submitted.code == 0 && submitted.messages.contains("journal attach slow@"), "\(submitted.messages)")
        try program.wait("the meta-training does not get on") {
            try program.reports().contains { $0["share"] as? Int == 0 && ($0["done"] as? Double ?? 0) > 0 }
        }
        let cancelled = try program.slurm("cancel", "slow")
        #expect(cancelled.code == 0 && cancelled.messages.contains("cancelled"), "\(cancelled.messages)")
        #expect(try program.tasks().isEmpty)
        let shard = try #require(program.clusterRun).path + "/shards/00000-0.sqlite"
        let lines = try program.call(
            "query", "--journal", shard, "--format", "csv", "--sql",
            "SELECT status, ending FROM trialRecords JOIN runs ON runs.id = run"
        ).lines
        #expect(lines.count == 2 && lines[1].hasPrefix("interrupted,\"told to stop"), "\(lines)")
        let here = try program.call(
            "query", "--format", "csv", "--sql",
            "SELECT count(*) AS n FROM checkpoints JOIN trialRecords AS t ON t.id = trial WHERE status = 'interrupted'"
        ).lines
        #expect(here == ["n", "1"])
    }

    @Test(arguments: [
        (["--partition", "nowhere"], "found the partition \"nowhere\""), (["--cpus", "640"], "found 640 cpus"),
        (["--memory", "99999G"], "found 99999G of memory"), (["--time", "soon"], "found the time \"soon\""),
    ]) func whatNoNodeHasIsRefusedBeforeAnythingIsSubmitted(options: [String], words: String) throws {
        try program.write(Self.forty, to: "forty.json")
        let run = try program.startSlurm(["run", "forty.json", "--on", "slurm"] + options).outcome()
        #expect(run.code == 64 && run.messages.contains(words) && run.messages.contains("allowed"), "\(run.messages)")
        #expect(program.clusterRun == nil && !program.has("journal.sqlite"))
    }

    @Test func whatIsSaidNearestCounts() throws {
        try program.write(Self.forty.replacingOccurrences(of: "\"cpus\": 1", with: "\"cpus\": 640"), to: "forty.json")
        try program.write(#"{"cluster": {"partition": "nowhere"}}"#, to: ".config/journal/settings.json")
        let refused = try program.slurm("run", "forty.json", "--on", "slurm")
        #expect(refused.code == 64 && refused.messages.contains("nowhere"), "\(refused.messages)")
        try program.write(#"{"cluster": {"partition": 3}}"#, to: ".config/journal/settings.json")
        let wrong = try program.slurm("run", "forty.json", "--on", "slurm")
        #expect(wrong.code == 65 && wrong.messages.contains("cluster.partition: found 3"), "\(wrong.messages)")
        try program.write(#"{"cluster": {"maxRunning": 1}}"#, to: ".config/journal/settings.json")
        #expect(try program.slurm("run", "forty.json", "--on", "slurm").messages.contains("found 640 cpus"))
        #expect(try program.slurm("run", "forty.json", "--on", "slurm", "--cpus", "1", "--quiet").code == 0)
    }
}
