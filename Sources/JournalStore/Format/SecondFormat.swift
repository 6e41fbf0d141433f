/// The second format: runs hold locks, a version is replaced only by a whole one, and NaN stands above all numbers.
extension Schema {
    /// A run that holds its lock (``RunLock``) lives, whatever its heartbeat says.
    static let locks = """
        ALTER TABLE runs ADD COLUMN isLocked INTEGER NOT NULL DEFAULT 0;

        """

    /// A version that is run afresh is recorded beside the old one, whose place it takes when it is complete.
    static let freshVersions = """
        ALTER TABLE experiments ADD COLUMN replaces INTEGER REFERENCES experiments (id) ON DELETE CASCADE;

        """

    /// SQLite has no NaN, and leaves NULL out of means, conditions and the far end of an order. So a loss that is not a
    /// number stands as infinity, and `nanResults` says which columns those are.
    static let resultsThatAreNone = """
        ALTER TABLE trials ADD COLUMN nanResults TEXT;
        -- What a reader should know of how the trial went.
        ALTER TABLE trials ADD COLUMN note TEXT;
        -- How many seeds the trial stands for: more than 1 where the seed changes nothing.
        ALTER TABLE trials ADD COLUMN standsFor INTEGER NOT NULL DEFAULT 1;

        UPDATE trials SET nanResults = 'finalLoss', finalLoss = 9e999
        WHERE status = 'completed' AND finalLoss IS NULL;
        UPDATE trials SET nanResults = coalesce(nanResults || ' ', '') || 'bestLoss', bestLoss = 9e999
        WHERE status = 'completed' AND bestLoss IS NULL;
        UPDATE trials SET nanResults = coalesce(nanResults || ' ', '') || 'testLoss', testLoss = 9e999
        WHERE status = 'completed' AND testLoss IS NULL AND accuracy IS NOT NULL;
        UPDATE tuningChoices SET meanFinalLoss = 9e999 WHERE meanFinalLoss IS NULL;
        UPDATE learnedOptimizers SET evaluationLoss = 9e999
        WHERE evaluationLoss IS NULL AND trial IN (SELECT id FROM trials WHERE problem <> 'imported');

        """

    /// Points that are not numbers stand as infinity as well.
    static let points = """
        DROP VIEW points;
        CREATE VIEW points AS
        SELECT trial, metric, firstStep + stride * json_each.key AS step,
            CASE json_each.type WHEN 'null' THEN 9e999 ELSE json_each.value END AS value,
            json_each.type = 'null' AS isNaN
        FROM curves, json_each(curves.pointValues);

        """
}
