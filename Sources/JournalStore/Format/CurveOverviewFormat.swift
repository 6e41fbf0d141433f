/// A format that shows long curves at once: what each came to, bucket by bucket, beside its points.
extension Schema {
    static let curveOverviews = """
        -- A curve of many points in at most 128 buckets of equally many of them: `buckets` has for each its first step
        -- as a 64-bit integer, then its lowest and highest value and its mean as 32-bit floats, all little-endian.
        -- Written when a trial ends; a curve without one is short, still growing, or recorded by an earlier program.
        CREATE TABLE curveOverviews (
            trial INTEGER NOT NULL REFERENCES trialRecords (id) ON DELETE CASCADE,
            metric TEXT NOT NULL,
            pointCount INTEGER NOT NULL,
            lastStep INTEGER NOT NULL,
            buckets BLOB NOT NULL,
            PRIMARY KEY (trial, metric)
        );
        -- How far an experiment has come, without its trials' long rows.
        CREATE INDEX trialsByStatus ON trialRecords (experiment, status, startedAt, finishedAt);

        """
}
