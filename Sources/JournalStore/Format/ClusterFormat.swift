/// A format that tells the tasks of a cluster's jobs: which node and job ran trials, and how each task ended.
extension Schema {
    static let clusterTasks = """
        -- The job of a cluster's queue that the process was a task of, such as `1234_7`; NULL of others.
        ALTER TABLE runs ADD COLUMN job TEXT;
        -- How the task ended, in words.
        ALTER TABLE runs ADD COLUMN ending TEXT;

        """
}
