/// The seventh format: an experiment may train several optimizers, each from a seed of its own.
extension Schema {
    /// `replicate` is 1 for the first of several; NULL where there is but one. Both views are as they were, with it.
    static let replicatesOfTrials = """
        DROP VIEW trialSummary;
        DROP VIEW trials;
        ALTER TABLE trialRecords ADD COLUMN replicate INTEGER;

        CREATE VIEW trials AS
        SELECT
            id, experiment, identity, position, kind, problem, problemSettings, optimizer, optimizerSettings, seed,
            precision, architecture, dataset, datasetOrigin, datasetChecksum, datasetNote, kernelTable, run, status,
            error, startedAt, finishedAt, seconds, steps,
            (SELECT value FROM results WHERE trial = trialRecords.id AND name = 'finalLoss') AS finalLoss,
            (SELECT value FROM results WHERE trial = trialRecords.id AND name = 'bestLoss') AS bestLoss,
            (SELECT value FROM results WHERE trial = trialRecords.id AND name = 'testLoss') AS testLoss,
            (SELECT value FROM results WHERE trial = trialRecords.id AND name = 'accuracy') AS accuracy,
            diverged,
            (SELECT group_concat(name, ' ') FROM results WHERE trial = trialRecords.id AND isNaN) AS nanResults,
            note, standsFor, content, takenFrom, replicate
        FROM trialRecords;

        CREATE VIEW trialSummary AS
        SELECT
            trials.id AS trial, experiments.name AS experiment, substr(experiments.hash, 1, 12) AS version,
            kind, problem, optimizer, replicate, seed,
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

    /// Each replicate is tuned by itself. 0 stands for the only one here, as a part of a key is not NULL.
    static let replicatesOfTunings = """
        CREATE TABLE tuningChoicesOfReplicates (
            experiment INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
            problem TEXT NOT NULL,
            optimizer TEXT NOT NULL,
            replicate INTEGER NOT NULL DEFAULT 0,
            candidate TEXT NOT NULL,
            meanFinalLoss REAL,
            trials INTEGER NOT NULL,
            chosen INTEGER NOT NULL,
            PRIMARY KEY (experiment, problem, optimizer, replicate, candidate)
        );
        INSERT INTO tuningChoicesOfReplicates
            (experiment, problem, optimizer, candidate, meanFinalLoss, trials, chosen)
        SELECT experiment, problem, optimizer, candidate, meanFinalLoss, trials, chosen
        FROM tuningChoices ORDER BY rowid;
        DROP TABLE tuningChoices;
        ALTER TABLE tuningChoicesOfReplicates RENAME TO tuningChoices;

        """
}
