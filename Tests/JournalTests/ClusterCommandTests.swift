import Foundation
import Testing

/// What is told of runs on clusters where there is none.
@Suite struct ClusterCommandTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
    }

    @Test func withoutSlurmItIsSaidSo() throws {
        let run = try program.start(
            ["run", "quadratic.json", "--on", "slurm"], environment: ["PATH": "/nowhere"]
        ).outcome()
        #expect(run.code == 69 && run.messages.contains("there is no Slurm here"), "\(run.messages)")
        #expect(!program.has("journal.sqlite"))
    }

    @Test(arguments: [
        ["--cpus", "2"], ["--detach"], ["--on", "slurm", "--workers", "2"], ["--on", "slurm", "--fresh"],
        ["--on", "slurm", "--cpus", "0"], ["--on", "pbs"],
    ]) func whatDoesNotGoTogetherIsRefused(options: [String]) throws {
        let run = try program.start(["run", "quadratic.json"] + options).outcome()
        #expect(run.code == 64, "\(run.messages)")
        #expect(!program.has("journal.sqlite"))
    }

    /// A list that may grow means trials that nobody knows of yet: before the cluster is asked anything.
    @Test func aListThatMayGrowIsRefused() throws {
        let spec = """
            {"name": "grows", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
             "evaluation": {
                 "steps": 10, "repeats": 2, "tuning": {"repeats": 1},
                 "optimizers": [{"kind": "sgd", "learningRate": {"tune": [0.1, 0.01]}}]}}
            """
        try program.write(spec, to: "grows.json")
        func run(_ options: String...) throws -> Program.Outcome {
            try program.start(
                ["run", "grows.json", "--on", "slurm"] + options, environment: ["PATH": "/nowhere"]
            ).outcome()
        }
        let refused = try run()
        #expect(refused.code == 64, "\(refused.messages)")
        for words in ["grows: found tuning sgd on quadratic", "learningRate up to", "--set evaluation.tuning.growth=0"]
        {
            #expect(refused.messages.contains(words), "\(refused.messages)")
        }
        #expect(!program.has("journal.sqlite"))
        let taken = try run("--set", "evaluation.tuning.growth=0")
        #expect(taken.code == 69 && taken.messages.contains("there is no Slurm here"), "\(taken.messages)")
    }

    @Test func aSlipInTheSpecIsFound() throws {
        let spec = Specs.quadratic.replacingOccurrences(
            of: "\"seed\": 3", with: #""cluster": {"partitions": "cpu", "cpus": 0}"#)
        try program.write(spec, to: "slip.json")
        let run = try program.call("run", "slip.json", "--dry-run")
        #expect(run.code == 65)
        #expect(run.messages.contains("cluster.partitions") && run.messages.contains("did you mean \"partition\""))
        #expect(run.messages.contains("cluster.cpus: found 0"))
    }

    @Test func theClusterIsNoPartOfTheVersion() throws {
        let plain = try program.call("run", "quadratic.json", "--dry-run").output
        let spec = Specs.quadratic.replacingOccurrences(
            of: "\"seed\": 3", with: #""seed": 3, "cluster": {"partition": "cpu", "time": "1:00:00"}"#)
        try program.write(spec, to: "there.json")
        #expect(try program.call("run", "there.json", "--dry-run").output == plain)
        #expect(try program.call("run", "there.json", "--dry-run", "--set", "cluster.cpus=4").output == plain)
    }

    @Test func aRunThatIsNotThereIsToldSo() throws {
        for command in ["attach", "cancel"] {
            let call = try program.call(command, "quadratic")
            #expect(call.code == 66 && call.messages.contains("no run of quadratic on a cluster"), "\(call.messages)")
        }
    }
}
