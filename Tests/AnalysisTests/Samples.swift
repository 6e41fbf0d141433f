import Foundation
import Nouns

@testable import Analysis

enum Samples {
    /// Positive values with a long upper tail.
    static func skewed(count: Int, seed: UInt64) -> [Double] {
        var random = CounterRandom(seed: seed)
        return (0..<count).map { _ in -log((Double(random.next() >> 11) + 0.5) * 0x1p-53) }
    }
}

/// Kinds of trials as the program has them.
extension TrialKindSummary {
    static let metaTraining = TrialKindSummary(
        kind: "metaTraining", title: "Meta-training", isCompared: false, ranking: .bestLoss, curve: .evaluationLoss)
    static let tuning = TrialKindSummary(
        kind: "tuning", title: "Tuning", isCompared: false, ranking: .finalLoss, curve: .loss)
    static let evaluation = TrialKindSummary(
        kind: "evaluation", title: "Evaluation", isCompared: true, ranking: .finalLoss, curve: .loss)
    static let all = [metaTraining, tuning, evaluation]
}
