import Formats
import Foundation
import TensorEngine

/// How a learned optimizer sees a gradient.
public enum GradientInputs: Hashable, Sendable {
    /// The gradient itself.
    case identity
    /// Magnitude and sign in two inputs (Andrychowicz et al. 2016, appendix A):
    /// (max(log(|g| + 2⁻²³) / k, −1), clip(eᵏ g, −1, 1)).
    case logAndSign(k: Double)

    /// How many inputs each element of a gradient becomes.
    public var count: Int {
        switch self {
        case .identity: 1
        case .logAndSign: 2
        }
    }

    /// `[elements, columns]` to `[count · elements, columns]`.
    func callAsFunction(_ gradient: Tensor) -> Tensor {
        switch self {
        case .identity:
            return gradient
        case .logAndSign(let k):
            let magnitude = ((gradient.absoluteValue() + Self.smallest).logarithm() * (1 / k)).maximum(-1)
            let sign = (gradient * exp(k)).maximum(-1).minimum(1)
            return Tensor.concatenating([magnitude, sign])
        }
    }

    /// The distance from 1 to the next single-precision number, which keeps the logarithm finite.
    private static let smallest = Double(Float.ulpOfOne)
}

extension GradientInputs {
    static let kinds = [
        Kind("identity", "The gradient as it is."),
        Kind(
            "logAndSign", "Andrychowicz et al. 2016, appendix A: logarithm and sign.",
            fields: [
                Field(
                    "k", .number(.exponentiated), default: 5,
                    "Gradients below exp(-k) are scaled by exp(k); above, their logarithm is divided by k.")
            ]),
    ]

    init(_ settings: Settings) {
        self = settings.text("kind") == "logAndSign" ? .logAndSign(k: settings.number("k")) : .identity
    }
}
