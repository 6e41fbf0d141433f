import Datasets
import TensorEngine

/// The datasets of which each trial draws one for its student; mostly there is but one.
public struct DatasetPool: Sendable {
    public let datasets: [Dataset]

    /// - Precondition: there is at least one.
    public init(_ datasets: [Dataset]) {
        precondition(!datasets.isEmpty, "there is no dataset to draw")
        self.datasets = datasets
    }

    /// Where the dataset of the trial with this key stands in the list. All are as likely, and equal keys draw alike.
    public func index(_ key: RandomKey) -> Int {
        // Asked for at every batch, where one dataset needs no random numbers.
        guard datasets.count > 1 else { return 0 }
        var stream = RandomStream(key.derived("dataset"))
        return stream.index(below: datasets.count)
    }

    /// The dataset of the trial with this key.
    public func dataset(_ key: RandomKey) -> Dataset { datasets[index(key)] }
}
