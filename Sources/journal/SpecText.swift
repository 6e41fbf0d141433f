import ExperimentSpec
import JournalStore
import Nouns
import TrialKinds

/// The text of a recorded version's spec, which read again gives this very version.
struct SpecText {
    let text: String

    /// The text as it was recorded, in its author's layout; where that is another spec (a journal of before 0.4.0 keeps
    /// the file without what `--set` changed), the spec as it was run.
    init(of version: ExperimentRecord) {
        let isWhatWasRun = (try? ExperimentSpec(version.spec, file: "", vocabulary: .standard))?.hash == version.hash
        let asRun = JSONValue(parsing: version.canonicalSpec)?.indentedText ?? version.canonicalSpec
        let recorded = version.spec.hasSuffix("\n") ? version.spec : version.spec + "\n"
        text = isWhatWasRun ? recorded : asRun
    }
}
