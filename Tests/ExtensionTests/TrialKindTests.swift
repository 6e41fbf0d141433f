import Analysis
import ExperimentSpec
import JournalStore
import Nouns
import Scheduler
import Testing
import TrialKinds

/// A kind of trials is added from outside: a type and a place in the list.
@Suite struct TrialKindTests {
    private static let kinds = TrialKinds(TrialKinds.standard.all + [RateRange()])
    private static let spec = """
        {"name": "rates", "problem": {"kind": "quadratic", "batchSize": 1, "dimensions": 2}, "precision": "double",
         "rateRange": {"rates": [0.001, 0.01, 1000]},
         "evaluation": {"steps": 3, "repeats": 2, "optimizers": [{"kind": "sgd"}, {"kind": "adam"}]}}
        """
    private let laboratory = try! Laboratory(kinds: kinds)

    @Test func itsTrialsRunBesideOthersAndItsResultsAreFound() throws {
        #expect(try laboratory.run(Self.spec).completed == 6)
        let journal = laboratory.journal
        let trials = try laboratory.trials("rates", kind: "rateRange")
        #expect(trials.count == 2)
        for trial in trials {
            let results = try #require(trial.results)
            #expect(Set(results.values.keys) == ["largestRate", .bestLoss])
            #expect(results["largestRate"] == 0.01)
            #expect(results.steps == 30)
            let losses = try journal.points(trial: trial.id, metric: "lossOfRate").values
            #expect(losses.count == 3 && losses[1] < losses[0] && !(losses[2] < 1e6))
        }
        let found = try journal.query(JournalQuery(.results, condition: "kind = 'rateRange'", metric: "largestRate"))
        #expect(found.rows.map { $0.last } == [.double(0.01), .double(0.01)])
        let comparison = try Comparison("rates", in: journal, kinds: Self.kinds.summaries)
        #expect(comparison.problems[0].optimizers.map(\.name).sorted() == ["adam", "sgd"])
        #expect(try laboratory.run(Self.spec).completedBefore == 6)
    }

    @Test func aNewVersionTakesOverItsTrials() throws {
        _ = try laboratory.run(Self.spec)
        let again = try laboratory.run(Self.spec.replacing(#""repeats": 2, "opt"#, with: #""repeats": 3, "opt"#))
        #expect(again.completedBefore == 6 && again.completed == 2)
        let other = try laboratory.run(Self.spec.replacing("1000]", with: "100]"))
        #expect(other.completedBefore == 4 && other.completed == 2)
    }

    @Test func itsPartOfTheSpecIsCheckedAndDescribed() throws {
        func fault(_ text: String) -> String? {
            do {
                _ = try laboratory.read(text)
                return nil
            } catch { return error.description }
        }
        #expect(
            fault(Self.spec.replacing("[0.001", with: "[-1"))
                == "test.json: rateRange.rates[0]: found -1; allowed: a number greater than 0")
        #expect(
            fault(Self.spec.replacing("rateRange", with: "rateRang"))?.contains(#"did you mean "rateRange"?"#) == true)
        #expect(
            fault(#"{"name": "nothing", "problem": {"kind": "simple"}}"#)
                == #"test.json: found none of "metaTraining", "evaluation", "selfTuning" and "rateRange"; allowed: at least one of them"#
        )
        let vocabulary = laboratory.vocabulary
        #expect(vocabulary.jsonSchema.contains("rateRange"))
        #expect(vocabulary.markdownReference.contains("How large a learning rate the problem bears."))
        let swept = Self.spec.replacing(#""precision""#, with: #""sweep": {"rateRange.steps": [2, 4]}, "precision""#)
        #expect(try laboratory.read(swept).points.count == 2)
        let listing = try laboratory.read(Self.spec).expanded(with: vocabulary).listing
        #expect(listing.contains("6 trials (4 evaluation, 2 rateRange)"))
    }
}
