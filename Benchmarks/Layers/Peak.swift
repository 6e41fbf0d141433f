/// The fastest that one core can multiply and add.
enum Peak {
    /// Twelve independent chains of fused multiply-adds that never leave the registers. GFLOP/s of `Float`.
    ///
    /// A processor with shorter vectors than 16 lanes may have too few registers for them, and shows too low a peak.
    static func measured() -> Double {
        let steps = 200_000
        var results = [SIMD16<Float>](repeating: .zero, count: 12)
        let factor = SIMD16<Float>(repeating: 0.999)
        let seconds = shortestTime {
            var (a, b, c, d) = (results[0], results[1], results[2], results[3])
            var (e, f, g, h) = (results[4], results[5], results[6], results[7])
            var (i, j, k, l) = (results[8], results[9], results[10], results[11])
            for _ in 0..<steps {
                a = factor.addingProduct(a, factor)
                b = factor.addingProduct(b, factor)
                c = factor.addingProduct(c, factor)
                d = factor.addingProduct(d, factor)
                e = factor.addingProduct(e, factor)
                f = factor.addingProduct(f, factor)
                g = factor.addingProduct(g, factor)
                h = factor.addingProduct(h, factor)
                i = factor.addingProduct(i, factor)
                j = factor.addingProduct(j, factor)
                k = factor.addingProduct(k, factor)
                l = factor.addingProduct(l, factor)
            }
            results = [a, b, c, d, e, f, g, h, i, j, k, l]
        }
        return Double(steps) * 12 * 16 * 2 / seconds * 1e-9
    }
}
