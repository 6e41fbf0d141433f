import Interchange
import Nouns
import TrialKinds

/// The kinds of trials that a journal may have: those that the program runs, and runs of other programs.
enum RecordedKinds {
    /// - Parameter metric: what is compared by, where that is told.
    static func summaries(comparedBy metric: Metric? = nil) -> [TrialKindSummary] {
        TrialKinds.standard.summaries + [RunImport.summary(comparedBy: metric)]
    }
}
