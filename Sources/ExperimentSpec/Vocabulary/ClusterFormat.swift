import Formats

extension Field {
    /// What an experiment asks of a cluster's queue.
    static let cluster = Field(
        "cluster",
        .object(
            ObjectFormat([
                Field("partition", .text(.label), .optional, "Where tasks run; without it, where the cluster says."),
                Field(
                    "time", .text(.label), .optional,
                    "The most that a task may take, as Slurm writes it: minutes, `H:MM:SS` or `D-HH:MM`."),
                Field("cpus", .number(.count), .optional, "Processors of a task; 1 without it."),
                Field(
                    "memory", .text(.label), .optional,
                    "Memory of a task, as Slurm writes it: megabytes, or `4G`."),
                Field("maxRunning", .number(.count), .optional, "The most tasks that run at once."),
                Field("account", .text(.label), .optional, "Who pays for it, as the cluster's accounting calls them."),
                Field("constraint", .text(.label), .optional, "Features that nodes must have."),
                Field(
                    "trialsPerTask", .number(.count), .optional,
                    "About how many trials a task runs; without it, so many that it takes minutes."),
                Field(
                    "folder", .text(.label), .optional,
                    "A folder that all nodes see, for the run's files; without it, one beside the journal."),
            ])), .optional,
        "What `journal run --on slurm` asks of the cluster. No part of the experiment: other values are no new version."
    )
}
