import ExperimentSpec
import JournalStore
import Testing

@testable import Cluster

/// What Slurm's programs write and take, as they do.
@Suite struct SlurmWordsTests {
    @Test(arguments: [
        ("30", 1800.0), ("30:15", 1815), ("2:00:00", 7200), ("1-12", 129_600), ("2-12:30", 217_800),
        ("1-00:00:01", 86_401), ("infinite", .infinity), ("UNLIMITED", .infinity),
    ]) func timesAreRead(text: String, seconds: Double) { #expect(SlurmQuantity.seconds(text) == seconds) }

    @Test(arguments: ["", "soon", "1:2:3:4", "-5", "1h", "1--2", "1-"]) func otherTimesAreNone(text: String) {
        #expect(SlurmQuantity.seconds(text) == nil)
    }

    @Test(arguments: [("4000", 4000.0), ("4000M", 4000), ("4G", 4096), ("2T", 2_097_152), ("1024k", 1)])
    func memoriesAreRead(text: String, megabytes: Double) { #expect(SlurmQuantity.megabytes(text) == megabytes) }

    @Test(arguments: ["", "G", "4GB", "4.5G", "much"]) func otherMemoriesAreNone(text: String) {
        #expect(SlurmQuantity.megabytes(text) == nil)
    }

    @Test func linesOfTheQueueAreRead() {
        let lines = [
            "12|3|journal-ab|RUNNING|node1|None", "13|N/A|journal-ab-gather-0|PENDING||Dependency",
            "14|2|journal-ab|CANCELLED||DependencyNeverSatisfied", "15|0|journal-ab|COMPLETING|node2|None",
        ]
        let tasks = lines.compactMap { QueuedTask($0[...]) }
        #expect(tasks.map(\.name) == ["12_3", "13", "14_2", "15_0"])
        #expect(tasks.map(\.isLive) == [true, true, false, true])
        #expect(QueuedTask("12|3|journal-ab|PENDING||BeginTime")?.waitsForItsTime == true && !tasks[1].waitsForItsTime)
        #expect(tasks.map(\.isGivenUpByDependency) == [false, false, true, false])
        #expect(QueuedTask("slurm_load_jobs error: Unable to contact slurm controller") == nil)
    }

    @Test(arguments: [
        ("FAILED", "JobLaunchFailure", "0:9", "it was killed by signal 9"),
        (
            "FAILED", "RaisedSignal:53(Real-time_signal_19)", "0:53",
            "the node cannot write its messages, as it does not see the run's folder"
        ),
        ("FAILED", "NonZeroExitCode", "74:0", "it failed with code 74"),
        ("TIMEOUT", "TimeLimit", nil, "out of time (TimeLimit)"),
        ("OUT_OF_MEMORY", "OutOfMemory", nil, "out of memory (OutOfMemory)"),
        ("NODE_FAIL", "NodeDown", nil, "its node was lost (NodeDown)"),
    ]) func endingsAreTold(state: String, reason: String, exit: String?, words: String) {
        let task = QueuedTask(job: 1, index: 2, jobName: "x", state: state, reason: reason)
        #expect(task.ending(exit: exit) == words)
    }

    private static let nodes = SlurmNodes(
        """
        cpu*|16|64000|2:00:00|avx2,fast
        cpu*|32|32000|2:00:00|avx2
        big|64|512000|infinite|(null)
        """)

    @Test func whatNodesHaveIsTaken() throws {
        var settings = ClusterSettings()
        try Self.nodes.check(settings)
        settings.partition = "big"
        (settings.cpus, settings.memory, settings.time) = (64, "500G", "10-0")
        try Self.nodes.check(settings)
        #expect(try Self.nodes.capacity(settings) == 1)
        settings = ClusterSettings()
        settings.cpus = 4
        #expect(try Self.nodes.capacity(settings) == 12)
        settings.maxRunning = 5
        #expect(try Self.nodes.capacity(settings) == 5)
    }

    private static let refused: [(WritableKeyPath<ClusterSettings, String?> & Sendable, String, String)] = [
        (\.partition, "gpu", "found the partition \"gpu\"; allowed: \"cpu\" or \"big\""),
        (\.memory, "65G", "at most 64000M"), (\.memory, "lots", "found the memory \"lots\""),
        (\.time, "2:00:01", "at most 120 minutes"), (\.time, "soon", "found the time \"soon\""),
        (\.constraint, "slow", "allowed: \"avx2\" or \"fast\""),
    ]

    @Test(arguments: refused) func whatNoNodeHasIsRefused(
        setting: WritableKeyPath<ClusterSettings, String?> & Sendable, value: String, words: String
    ) {
        var settings = ClusterSettings()
        settings[keyPath: setting] = value
        let error = #expect(throws: JournalError.self) { try Self.nodes.check(settings) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.exitCode == 64)
    }

    /// Each node has one of both, and none has both.
    @Test func processorsAndMemoryMustBeOnOneNode() {
        var settings = ClusterSettings()
        (settings.cpus, settings.memory) = (32, "40000")
        #expect(throws: JournalError.self) { try Self.nodes.check(settings) }
        (settings.cpus, settings.memory) = (16, "40000")
        #expect(throws: Never.self) { try Self.nodes.check(settings) }
        (settings.cpus, settings.memory) = (33, nil)
        let error = #expect(throws: JournalError.self) { try Self.nodes.check(settings) }
        #expect(error?.message.contains("at most 32") == true)
    }

    @Test func jobsAreAskedForInTheQueuesWords() {
        var settings = ClusterSettings()
        (settings.cpus, settings.memory, settings.time, settings.maxRunning) = (4, "8G", "2", 10)
        let submission = Submission(
            name: "journal-ab", indices: [0, 1, 2, 5, 7, 8], condition: .afterOK(12), command: "journal work",
            log: "log",
            folder: "/run", settings: settings)
        let arguments = submission.arguments
        for word in ["--array=0-2,5,7-8%10", "--dependency=afterok:12", "--mem=8G", "--cpus-per-task=4", "--time=2"] {
            #expect(arguments.contains(word), "\(arguments)")
        }
        // A quarter of two minutes before they are over.
        #expect(arguments.contains("--signal=B:TERM@30"))
        #expect(submission.script == "#!/bin/sh\nexec journal work\n")
        #expect(Submission.quoted("it's") == "'it'\\''s'")
    }
}
