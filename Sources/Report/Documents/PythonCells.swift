import JournalStore
import Nouns

/// Python that reads an experiment out of the journal, with its standard library and pandas.
struct PythonCells {
    private let parameters: String
    private let metric: Metric?

    /// - Parameter metric: the curve that is shown; nil where there is none.
    init(_ version: ExperimentRecord, chart metric: Metric?) {
        parameters = "\(version.name.quotedAsJSON), \(String(version.hash.prefix(12)).quotedAsJSON)"
        self.metric = metric
    }

    /// Opens the journal.
    static func opening(_ places: [String]) -> String {
        """
        import os, sqlite3
        from urllib.parse import quote
        import pandas as pd

        # The journal, to be read only: beside this notebook, or where it was when the notebook was written.
        places = [\(places.map(\.quotedAsJSON).joined(separator: ", "))]
        path = next((place for place in places if os.path.exists(place)), places[0])
        journal = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)
        """
    }

    /// What its trials came to.
    var trials: String {
        """
        trials = pd.read_sql_query(
            "SELECT * FROM trialSummary WHERE experiment = ? AND version = ?", journal, params=[\(parameters)])
        trials.groupby(["kind", "problem", "optimizer"])[["finalLoss", "seconds"]].agg(["count", "mean", "std"])
        """
    }

    /// The mean curves.
    var curves: String? {
        guard let metric else { return nil }
        return """
            curves = pd.read_sql_query(
                \"\"\"SELECT problem, optimizer, step, avg(value) AS value FROM points JOIN trialSummary USING (trial)
                   WHERE experiment = ? AND version = ? AND metric = ? GROUP BY problem, optimizer, step\"\"\",
                journal, params=[\(parameters), \(metric.rawValue.quotedAsJSON)])
            curves.pivot_table(index="step", columns=["problem", "optimizer"], values="value")
            """
    }
}
