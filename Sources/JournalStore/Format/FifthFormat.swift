/// The fifth format: what people write into the journal beside what runs record.
extension Schema {
    /// All of it goes by the experiment's name, across its versions. Notes are only ever added: nothing overwrites one,
    /// and none goes before the last version of its experiment has gone.
    static let notesTagsArchive = """
        -- `version` is the hash of the version that was the newest when it was written, or that was named; `trialIdentity`
        -- is the `identity` of the trial that it is on, as ids of trials may be given again; NULL where it is on the whole.
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            experiment TEXT NOT NULL,
            version TEXT NOT NULL,
            trialIdentity TEXT,
            kind TEXT NOT NULL CHECK (kind IN ('note', 'conclusion')),
            text TEXT NOT NULL,
            createdAt TEXT NOT NULL
        );
        CREATE INDEX notesByExperiment ON notes (experiment);

        CREATE TRIGGER notesAreNotChanged BEFORE UPDATE ON notes
        BEGIN SELECT raise(ABORT, 'notes are only added to: add another one'); END;
        CREATE TRIGGER notesAreNotReplaced BEFORE INSERT ON notes
        WHEN EXISTS (SELECT 1 FROM notes WHERE id = NEW.id)
        BEGIN SELECT raise(ABORT, 'notes are only added to: there is one of this id'); END;
        CREATE TRIGGER notesStayWithTheirExperiment BEFORE DELETE ON notes
        WHEN EXISTS (SELECT 1 FROM experiments WHERE name = OLD.experiment)
        BEGIN SELECT raise(ABORT, 'notes stay as long as their experiment does'); END;

        CREATE TABLE tags (
            experiment TEXT NOT NULL,
            tag TEXT NOT NULL,
            createdAt TEXT NOT NULL,
            PRIMARY KEY (experiment, tag)
        ) WITHOUT ROWID;

        CREATE TABLE archivedExperiments (
            experiment TEXT PRIMARY KEY,
            archivedAt TEXT NOT NULL
        ) WITHOUT ROWID;
        """
}
