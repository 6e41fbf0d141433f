import TensorEngine

/// Products of square matrices and of a thin layer's, in every layout of the operands.
enum Products {
    static func report(peak: Double) {
        for layout in 0..<4 { measure([512, 512, 512], layout, peak) }
        for sizes in [[128, 785, 20], [785, 128, 20], [128, 20, 785]] {
            for layout in 0..<4 { measure(sizes, layout, peak) }
        }
    }

    /// - Parameter sizes: rows, depth, columns.
    private static func measure(_ sizes: [Int], _ layout: Int, _ peak: Double) {
        let (aIsTransposed, bIsTransposed) = (layout & 1 != 0, layout & 2 != 0)
        let a: Shape = aIsTransposed ? [sizes[1], sizes[0]] : [sizes[0], sizes[1]]
        let b: Shape = bIsTransposed ? [sizes[2], sizes[1]] : [sizes[1], sizes[2]]
        let run = Runner<Float>([a, b]) { inputs in
            let left = aIsTransposed ? inputs[0].transposed() : inputs[0]
            return [left.matrixProduct(bIsTransposed ? inputs[1].transposed() : inputs[1])]
        }
        func name(_ rows: Int, _ columns: Int, _ isTransposed: Bool) -> String {
            "[\(rows) \(columns)]\(isTransposed ? "ᵀ" : "")"
        }
        printRate(
            "\(name(sizes[0], sizes[1], aIsTransposed)) · \(name(sizes[1], sizes[2], bIsTransposed))",
            operations: 2 * Double(sizes.reduce(1, *)), seconds: shortestTime { run() }, peak: peak)
    }
}
