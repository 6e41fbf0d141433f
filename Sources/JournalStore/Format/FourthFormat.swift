/// The fourth format: what a trial came to is named rows, as many as its kind has.
extension Schema {
    /// The four results that every trial had until now become rows, and leave the trials' own table, which people's SQL
    /// sees as `trials` with the columns that it had.
    static let namedResults = """
        -- A result that is not a number counts as infinite, and `isNaN` says that it is none.
        CREATE TABLE results (
            trial INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            value REAL NOT NULL,
            isNaN INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (trial, name)
        ) WITHOUT ROWID;

        INSERT INTO results (trial, name, value, isNaN)
        SELECT id, 'bestLoss', bestLoss, coalesce(instr(nanResults, 'bestLoss'), 0) > 0
        FROM trials WHERE status = 'completed' AND bestLoss IS NOT NULL;
        INSERT INTO results (trial, name, value, isNaN)
        SELECT id, 'finalLoss', finalLoss, coalesce(instr(nanResults, 'finalLoss'), 0) > 0
        FROM trials WHERE status = 'completed' AND finalLoss IS NOT NULL;
        INSERT INTO results (trial, name, value, isNaN)
        SELECT id, 'testLoss', testLoss, coalesce(instr(nanResults, 'testLoss'), 0) > 0
        FROM trials WHERE status = 'completed' AND testLoss IS NOT NULL;
        INSERT INTO results (trial, name, value)
        SELECT id, 'accuracy', accuracy FROM trials WHERE status = 'completed' AND accuracy IS NOT NULL;

        DROP VIEW trialSummary;
        ALTER TABLE trials DROP COLUMN finalLoss;
        ALTER TABLE trials DROP COLUMN bestLoss;
        ALTER TABLE trials DROP COLUMN testLoss;
        ALTER TABLE trials DROP COLUMN accuracy;
        ALTER TABLE trials DROP COLUMN nanResults;
        ALTER TABLE trials RENAME TO trialRecords;

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
            note, standsFor, content, takenFrom
        FROM trialRecords;

        """

    /// As it was, on the view of trials.
    static let summaryOfTrials = """
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
