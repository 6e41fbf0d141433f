/// The sign test, two-sided (Arbuthnott 1710; Conover 1999, "Practical Nonparametric Statistics", section 3.4): whether
/// one of two is the better one more often than by chance. Ties are left out.
public enum SignTest {
    /// The probability, under the null hypothesis, of counts at least as uneven; exact.
    public static func pValue(wins: Int, losses: Int) -> Double {
        let (more, fewer) = (max(wins, losses), min(wins, losses))
        guard more > 0 else { return 1 }
        // That at most `fewer` of all come out one way (Abramowitz and Stegun 26.5.24).
        return min(1, 2 * IncompleteBeta.regularized(0.5, Double(more), Double(fewer + 1)))
    }
}
