import ExperimentSpec
import JournalStore
import Scheduler

/// What is looked at before anything is submitted.
public enum ClusterChecks {
    /// Sees that it is known before any trial is run which ones there are: by that they are cut into shares.
    ///
    /// - Throws: ``JournalError`` where lists of tuned numbers may grow.
    public static func check(_ requests: [RunRequest]) throws {
        for request in requests {
            guard let growth = request.plan.growth.first else { continue }
            throw JournalError(
                .usage,
                "\(request.spec.name): found \(growth); allowed on a cluster: tuning whose trials are all known before any "
                    + "is run. Set evaluation.tuning.growth to 0 (--set evaluation.tuning.growth=0), or run it on one "
                    + "machine")
        }
    }

    /// Holds what runs ask for against what the cluster's nodes have.
    ///
    /// - Throws: ``JournalError``: where there is no Slurm, and where no node has what is asked for.
    public static func check(_ settings: [ClusterSettings]) throws {
        let nodes = try Slurm().nodes()
        for settings in settings { try nodes.check(settings) }
    }
}
