import GRDB

/// The journal's tables and views, as named migrations that are never edited once released.
///
/// Column names are the JSON keys of specs and query output. JSON is stored as text. Instants are
/// ISO 8601 in UTC.
enum Schema {
    /// "JRNL", in the header of every journal: tells ours from another application's database.
    static let applicationID: Int32 = 0x4A52_4E4C

    /// The migrations, recording each with the version of the program that applied it.
    static func migrator(programVersion: String) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (name, statements) in migrations {
            migrator.registerMigration(name) { db in
                try db.execute(sql: statements)
                try db.execute(
                    sql: "INSERT INTO formatHistory (migration, programVersion, appliedAt) VALUES (?, ?, ?)",
                    arguments: [name, programVersion, Instant.now])
            }
        }
        return migrator
    }

    private static let migrations = [
        ("experiments-trials-curves", experiments + trials + measurements + learnedOptimizers + firstViews),
        ("locks-fresh-versions-nan", locks + freshVersions + resultsThatAreNone + points),
        ("contents-of-trials", contents + trialSummary),
        ("results-by-name", namedResults + summaryOfTrials),
        ("notes-tags-archive", notesTagsArchive),
        ("curve-overviews", curveOverviews),
        ("replicates-of-meta-training", replicatesOfTrials + replicatesOfTunings),
        ("cluster-tasks", clusterTasks),
    ]

    private static let experiments = """
        CREATE TABLE formatHistory (
            migration TEXT PRIMARY KEY,
            programVersion TEXT NOT NULL,
            appliedAt TEXT NOT NULL
        );

        CREATE TABLE experiments (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            hash TEXT NOT NULL,
            spec TEXT NOT NULL,
            canonicalSpec TEXT NOT NULL,
            question TEXT,
            programVersion TEXT NOT NULL,
            createdAt TEXT NOT NULL,
            UNIQUE (name, hash)
        );

        -- One row a process that ran trials. `process` tells it from a later one with the same pid.
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            host TEXT NOT NULL,
            pid INTEGER NOT NULL,
            process TEXT NOT NULL,
            programVersion TEXT NOT NULL,
            startedAt TEXT NOT NULL,
            heartbeatAt TEXT NOT NULL,
            finishedAt TEXT
        );

        """

    private static let trials = """
        -- Loss columns hold what SQLite can: infinities as Inf, NaN as NULL. `diverged` is 1 when the
        -- final loss was either, so a completed trial with `finalLoss` NULL and `diverged` 1 ended in NaN.
        CREATE TABLE trials (
            id INTEGER PRIMARY KEY,
            experiment INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
            identity TEXT NOT NULL,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            problem TEXT NOT NULL,
            problemSettings TEXT NOT NULL,
            optimizer TEXT NOT NULL,
            optimizerSettings TEXT NOT NULL,
            seed INTEGER NOT NULL,
            precision TEXT NOT NULL,
            architecture TEXT,
            dataset TEXT,
            datasetOrigin TEXT,
            datasetChecksum TEXT,
            datasetNote TEXT,
            kernelTable TEXT,
            run INTEGER REFERENCES runs (id) ON DELETE SET NULL,
            status TEXT NOT NULL DEFAULT 'queued'
                CHECK (status IN ('queued', 'running', 'completed', 'interrupted', 'failed')),
            error TEXT,
            startedAt TEXT,
            finishedAt TEXT,
            seconds REAL,
            steps INTEGER,
            finalLoss REAL,
            bestLoss REAL,
            testLoss REAL,
            accuracy REAL,
            diverged INTEGER NOT NULL DEFAULT 0,
            UNIQUE (experiment, identity)
        );
        CREATE INDEX trialsByRun ON trials (run, status);

        CREATE TABLE tuningChoices (
            experiment INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
            problem TEXT NOT NULL,
            optimizer TEXT NOT NULL,
            candidate TEXT NOT NULL,
            meanFinalLoss REAL,
            trials INTEGER NOT NULL,
            chosen INTEGER NOT NULL,
            PRIMARY KEY (experiment, problem, optimizer, candidate)
        );

        """

    private static let measurements = """
        -- A chunk is up to 1,000 points at steps firstStep, firstStep + stride, ...; `pointValues` is a
        -- JSON array of shortest round-trip decimals, null for NaN and 9e999 for infinity.
        CREATE TABLE curves (
            trial INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
            metric TEXT NOT NULL,
            chunk INTEGER NOT NULL,
            firstStep INTEGER NOT NULL,
            stride INTEGER NOT NULL,
            pointCount INTEGER NOT NULL,
            pointValues TEXT NOT NULL,
            PRIMARY KEY (trial, metric, chunk)
        );

        CREATE TABLE snapshots (
            trial INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
            step INTEGER NOT NULL,
            parameter TEXT NOT NULL,
            shape TEXT NOT NULL,
            elementType TEXT NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (trial, step, parameter)
        );

        -- `pointCounts` says how long each curve was when the checkpoint was taken.
        CREATE TABLE checkpoints (
            trial INTEGER PRIMARY KEY REFERENCES trials (id) ON DELETE CASCADE,
            step INTEGER NOT NULL,
            pointCounts TEXT NOT NULL,
            data BLOB NOT NULL,
            createdAt TEXT NOT NULL
        );

        """

    private static let learnedOptimizers = """
        CREATE TABLE learnedOptimizers (
            id INTEGER PRIMARY KEY,
            trial INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            configuration TEXT NOT NULL,
            evaluationLoss REAL,
            createdAt TEXT NOT NULL,
            UNIQUE (trial, name)
        );
        CREATE INDEX learnedOptimizersByName ON learnedOptimizers (name);

        CREATE TABLE learnedOptimizerWeights (
            learnedOptimizer INTEGER NOT NULL REFERENCES learnedOptimizers (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            shape TEXT NOT NULL,
            elementType TEXT NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (learnedOptimizer, name)
        );

        """

    /// A trial whose process has not been heard of for a minute is no longer running, whoever asks.
    private static let firstViews = """
        CREATE VIEW points AS
        SELECT trial, metric, firstStep + stride * json_each.key AS step, json_each.value AS value
        FROM curves, json_each(curves.pointValues);

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
            runs.programVersion AS programVersion, host, pid, error, identity, run,
            trials.experiment AS experimentID
        FROM trials JOIN experiments ON experiments.id = trials.experiment LEFT JOIN runs ON runs.id = run;
        """
}
