import ArgumentParser
import ExperimentSpec
import Foundation

/// Where a run's trials are computed, and what is asked of a cluster's queue: over what specs and the user's settings say.
struct ClusterOptions: ParsableArguments {
    enum Place: String, CaseIterable, ExpressibleByArgument {
        case slurm
    }

    @Option(
        help: ArgumentHelp(
            "Has the trials run elsewhere: slurm submits them to the queue of a cluster.", valueName: "slurm"))
    var on: Place?

    @Option(help: ArgumentHelp("With --on slurm: the partition.", valueName: "name"))
    var partition: String?

    @Option(
        help: ArgumentHelp(
            "With --on slurm: the most that a task may take, such as 30 (minutes), 4:00:00 or 2-12:00.",
            valueName: "time"))
    var time: String?

    @Option(help: ArgumentHelp("With --on slurm: the processors of a task.", valueName: "n"))
    var cpus: Int?

    @Option(help: ArgumentHelp("With --on slurm: the memory of a task, such as 4G.", valueName: "size"))
    var memory: String?

    @Option(help: ArgumentHelp("With --on slurm: the most tasks that run at once.", valueName: "n"))
    var maxRunning: Int?

    @Option(help: ArgumentHelp("With --on slurm: the account to charge.", valueName: "name"))
    var account: String?

    @Option(help: ArgumentHelp("With --on slurm: features that nodes must have.", valueName: "features"))
    var constraint: String?

    @Option(
        help: ArgumentHelp(
            "With --on slurm: about how many trials a task runs. Without this option: so many that it takes minutes.",
            valueName: "n"))
    var trialsPerTask: Int?

    @Option(
        help: ArgumentHelp(
            "With --on slurm: a folder that all nodes see, for the run's files. Without this option: one beside the journal.",
            valueName: "folder"), completion: .directory)
    var runFolder: String?

    @Flag(help: "With --on slurm: submits, and does not wait; journal attach does.")
    var detach = false

    func validate() throws {
        for (name, value) in [("cpus", cpus), ("max-running", maxRunning), ("trials-per-task", trialsPerTask)] {
            if let value, value < 1 { throw ValidationError("--\(name) must be at least 1, not \(value).") }
        }
        if on == nil, detach || settings != ClusterSettings() {
            throw ValidationError("What is asked of a cluster goes with --on slurm.")
        }
    }

    var settings: ClusterSettings {
        var settings = ClusterSettings()
        settings.partition = partition
        settings.time = time
        settings.cpus = cpus
        settings.memory = memory
        settings.maxRunning = maxRunning
        settings.account = account
        settings.constraint = constraint
        settings.trialsPerTask = trialsPerTask
        settings.folder = runFolder
        return settings
    }
}

extension UserSettings {
    /// The person's own: `$XDG_CONFIG_HOME/journal/settings.json`, or `~/.config/journal/settings.json`.
    ///
    /// - Throws: `SpecError` where something in it is wrong.
    static func read() throws -> UserSettings {
        let home = Arguments.path(inEnvironment: "HOME").map { "\($0)/.config" }
        guard let folder = Arguments.path(inEnvironment: "XDG_CONFIG_HOME") ?? home else { return UserSettings() }
        let file = "\(folder)/journal/settings.json"
        return NamedFile.exists(file) ? try UserSettings(Array(NamedFile.read(file)), file: file) : UserSettings()
    }
}
