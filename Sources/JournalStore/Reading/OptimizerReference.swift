/// How a learned optimizer of the journal is named: the experiment that learned it, `NAME` or `NAME@HASH`, and behind a
/// slash which of its replicates: `NAME/3` is the third. Without a slash it is the one with the lowest evaluation loss.
public struct OptimizerReference: Sendable, Equatable, CustomStringConvertible {
    /// `NAME` or `NAME@HASH`.
    public let experiment: String
    /// From 1; nil where the reference leaves it open.
    public let replicate: Int?

    /// - Parameter text: what is no number behind a slash is taken for a part of the name, which no experiment has.
    public init(_ text: String) {
        if let slash = text.lastIndex(of: "/"), let number = Int(text[text.index(after: slash)...]), number > 0 {
            experiment = String(text[..<slash])
            replicate = number
        } else {
            experiment = text
            replicate = nil
        }
    }

    public init(experiment: String, replicate: Int?) {
        self.experiment = experiment
        self.replicate = replicate
    }

    /// `NAME`, without a version and a replicate.
    public var name: String { Journal.split(experiment).name }

    public var description: String { experiment + (replicate.map { "/\($0)" } ?? "") }
}
