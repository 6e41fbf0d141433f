/// The third format: trials are known by what decides their results, so that those of equal ones are taken over.
extension Schema {
    static let contents = """
        -- A hash of all that decides the trial's results, told when it begins; NULL where not all of that is known.
        ALTER TABLE trials ADD COLUMN content TEXT;
        -- The trial of another version whose results these are; NULL where they were computed for this one.
        ALTER TABLE trials ADD COLUMN takenFrom INTEGER;
        CREATE INDEX trialsByContent ON trials (content) WHERE content IS NOT NULL AND status = 'completed';

        """

    /// With what this format and the second brought. Seen from plain SQL, a trial whose process has not been heard of
    /// for a minute is no longer running; the program itself looks at the run's lock.
    static let trialSummary = """
        DROP VIEW trialSummary;
        CREATE VIEW trialSummary AS
        SELECT
            trials.id AS trial, experiments.name AS experiment, substr(experiments.hash, 1, 12) AS version,
            kind, problem, optimizer, seed,
            CASE
                WHEN status = 'running' AND NOT coalesce(
                    runs.finishedAt IS NULL
                    AND strftime('%s', 'now') - strftime('%s', runs.heartbeatAt) <= 60, 0)
                THEN 'interrupted' ELSE status
            END AS status,
            steps, finalLoss, bestLoss, testLoss, accuracy, diverged,
            trials.startedAt AS startedAt, trials.finishedAt AS finishedAt, seconds,
            precision, architecture, dataset, datasetOrigin, datasetChecksum, datasetNote,
            problemSettings, optimizerSettings, kernelTable,
            runs.programVersion AS programVersion, host, pid, error, note, standsFor, takenFrom, identity, nanResults,
            run, trials.experiment AS experimentID
        FROM trials JOIN experiments ON experiments.id = trials.experiment LEFT JOIN runs ON runs.id = run
        WHERE experiments.replaces IS NULL;
        """
}
