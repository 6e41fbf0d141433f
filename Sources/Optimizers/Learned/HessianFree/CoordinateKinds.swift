import TensorEngine

/// The coordinates of some parameters sorted by kind, so that each kind can have a network of its own: a dense kernel's
/// last row, where it is a bias, counts among the biases.
///
/// Coordinates of one kind lie in rows `[1, coordinates]`, those of small tensors side by side. A large tensor has a row to
/// itself, so that what a network needs for one row is bounded by the largest tensor.
struct CoordinateKinds {
    /// A tensor, or some of its rows.
    struct Part {
        /// The index of the parameter.
        let parameter: Int
        /// Nil for the whole tensor.
        let rows: Range<Int>?
        let shape: Shape
    }

    /// Coordinates of one kind in one row.
    struct Row {
        let kind: ParameterKind
        var parts: [Part]

        var count: Int { parts.reduce(0) { $0 + $1.shape.count } }
    }

    let rows: [Row]
    private let parameterCount: Int

    /// A row that has so many coordinates takes no other tensor.
    private static let fullRow = 1 << 18

    init(_ parameters: [Parameter]) {
        var rows: [Row] = []
        for (kind, part) in parameters.enumerated().flatMap({ Self.parts(of: $1, $0) }) {
            if let index = rows.lastIndex(where: { $0.kind == kind }),
                rows[index].count + part.shape.count <= Self.fullRow
            {
                rows[index].parts.append(part)
            } else {
                rows.append(Row(kind: kind, parts: [part]))
            }
        }
        self.rows = rows
        parameterCount = parameters.count
    }

    private static func parts(of parameter: Parameter, _ index: Int) -> [(ParameterKind, Part)] {
        guard parameter.endsInBias else {
            return [(parameter.kind, Part(parameter: index, rows: nil, shape: parameter.shape))]
        }
        let (last, units) = (parameter.shape[0] - 1, parameter.shape[1])
        let bias = Part(parameter: index, rows: last..<last + 1, shape: [1, units])
        guard last > 0 else { return [(.denseBias, bias)] }
        return [(parameter.kind, Part(parameter: index, rows: 0..<last, shape: [last, units])), (.denseBias, bias)]
    }

    /// One tensor `[1, coordinates]` for each of `rows`.
    func rows(of vector: TensorVector) -> [Tensor] {
        rows.map { row in
            Tensor.concatenating(
                row.parts.map { part in
                    let tensor = vector.tensors[part.parameter]
                    return (part.rows.map { tensor.sliced($0) } ?? tensor).reshaped([1, part.shape.count])
                }, axis: 1)
        }
    }

    /// The vector whose rows these are.
    func vector(_ values: [Tensor]) -> TensorVector {
        var parts = [[Tensor]](repeating: [], count: parameterCount)
        var firstRows = [[Int]](repeating: [], count: parameterCount)
        for (row, value) in zip(rows, values) {
            var start = 0
            for part in row.parts {
                let own = value.sliced(start..<start + part.shape.count, axis: 1).reshaped(part.shape)
                parts[part.parameter].append(own)
                firstRows[part.parameter].append(part.rows?.lowerBound ?? 0)
                start += part.shape.count
            }
        }
        return TensorVector(
            zip(parts, firstRows).map { parts, starts in
                let ordered = zip(parts, starts).sorted { $0.1 < $1.1 }.map(\.0)
                return ordered.count == 1 ? ordered[0] : Tensor.concatenating(ordered)
            })
    }
}
