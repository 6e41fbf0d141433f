/// How exactly a trial computed its losses.
public enum LossPrecision: String, Sendable {
    case single, double

    /// How far rounding may have moved a loss: two units in its last place.
    ///
    /// That is the bound for a mean of exact numbers, such as zero-one losses, by a rounded reciprocal of their number:
    /// two roundings, each of half a unit at the least and one at the most, relative to the result's last place.
    public func rounding(of loss: Double) -> Double {
        switch self {
        case .single: 2 * Double(min(Float(loss.magnitude), .greatestFiniteMagnitude).ulp)
        case .double: 2 * loss.magnitude.ulp
        }
    }
}
