import Formats

/// A learned optimizer as specs name it: its format, and how it is made of settings.
///
/// It is written beside the optimizer, in one file, and one line in `Registry.standard` names it:
///
///     extension LearnedOptimizerKind {
///         public static let learnedMomentum = LearnedOptimizerKind(
///             "learnedMomentum", "Momentum whose rate and momentum are learned.",
///             fields: [Field("outputScale", .number(.positive), default: 0.01, "The learning rate at first.")]
///         ) { settings in LearnedMomentum(outputScale: settings.number("outputScale")) }
///     }
public struct LearnedOptimizerKind: Sendable {
    /// Name, sentence and fields.
    public let kind: Kind
    /// The optimizer of settings, all of which are there.
    public let make: @Sendable (Settings) -> any Optimizer

    /// - Parameters:
    ///   - name: what specs call it.
    ///   - summary: one sentence.
    ///   - check: finds what is wrong between settings that are each right by themselves.
    public init(
        _ name: String, _ summary: String, fields: [Field] = [],
        check: @escaping @Sendable (CheckedObject) -> [Slip] = { _ in [] },
        make: @escaping @Sendable (Settings) -> any Optimizer
    ) {
        kind = Kind(name, summary, fields: fields, check: check)
        self.make = make
    }
}

extension NumberRange {
    /// Units of a layer of a learned optimizer.
    public static let units = NumberRange.whole(1...4096)
}
