import ExperimentSpec
import Wording

/// Submits jobs.
extension ClusterRun {
    /// Submits all shares and gatherings that are neither done nor in the queue, phase by phase: each phase waits for the
    /// gathering of what the one before it came to.
    ///
    /// - Returns: the numbers of the new jobs.
    func submitOpen(_ tasks: [QueuedTask]) throws -> [Int] {
        guard !files.isCancelled else { return [] }
        let live = tasks.filter(\.isLive)
        var submitted: [Int] = []
        var gathering: Int?
        for phase in manifest.phases.indices {
            let range = manifest.shares(ofPhase: phase)
            let own = live.filter { $0.jobName == manifest.jobName && $0.index.map(range.contains) ?? false }
            let running = Set(own.compactMap(\.index))
            let open = range.filter { shares[$0].fate == .open && !running.contains($0) }
            var jobs = Set(own.map(\.job))
            if !open.isEmpty {
                let job = try slurm.submit(submission(of: open, after: gathering.map { .afterOK($0) }))
                submitted.append(job)
                jobs.insert(job)
            }
            if phase == manifest.phases.count - 1 { break }
            if files.hasNeeds(ofPhase: phase + 1) {
                gathering = nil
                continue
            }
            let name = manifest.gatheringName(phase: phase)
            if let job = live.first(where: { $0.jobName == name })?.job {
                gathering = job
                continue
            }
            // Nothing that comes later can run without what was given up.
            guard !range.contains(where: { shares[$0].fate == .givenUp }), mayGather(phase, isWhole: jobs.isEmpty)
            else {
                break
            }
            let job = try slurm.submit(gatheringSubmission(phase, after: jobs.isEmpty ? nil : .afterAny(jobs.sorted())))
            submitted.append(job)
            gathering = job
        }
        if !submitted.isEmpty {
            observer.remark(
                "Submitted \(plural(submitted.count, "job", "jobs")) "
                    + submitted.map(String.init).joined(by: "and") + " to Slurm.")
        }
        return submitted
    }

    /// Counts the gatherings for which there was nothing left to wait.
    private func mayGather(_ phase: Int, isWhole: Bool) -> Bool {
        guard isWhole else { return true }
        gatherings[phase, default: 0] += 1
        guard gatherings[phase, default: 0] > ShareState.mostFailures else { return true }
        observer.message(
            "What phase \(phase) has come to cannot be gathered; the messages of that are in \(files.logs). The trials "
                + "that need it are not run.")
        return false
    }

    private func submission(of shares: [Int], after condition: Submission.Condition?) -> Submission {
        Submission(
            name: manifest.jobName, indices: shares, condition: condition,
            command: command("--share \"$SLURM_ARRAY_TASK_ID\""), log: "\(files.logs)/%A_%a.txt", folder: files.path,
            settings: manifest.settings)
    }

    private func gatheringSubmission(_ phase: Int, after condition: Submission.Condition?) -> Submission {
        var settings = manifest.settings
        settings.cpus = 1
        return Submission(
            name: manifest.gatheringName(phase: phase), indices: nil, condition: condition,
            command: command("--gather \(phase)"), log: "\(files.logs)/%j.txt", folder: files.path, settings: settings)
    }

    private func command(_ what: String) -> String {
        "\(Submission.quoted(manifest.program)) work \(Submission.quoted(files.path)) \(what)"
    }
}
