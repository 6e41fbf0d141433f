import TensorEngine

/// The coordinates of some parameters sorted by kind, so that each kind can have a network of its own: a dense kernel's
/// last row, where it is a bias, counts among the biases.
///
/// Coordinates of one kind lie in rows `[1, coordinates]`: those of small tensors side by side, those of a large one in
/// several rows, so that what a network needs for one row is bounded.
struct CoordinateKinds {
    /// Some elements of a parameter, in row-major order.
    struct Part {
        /// The index of the parameter.
        let parameter: Int
        let elements: Range<Int>
    }

    /// Coordinates of one kind in one row.
    struct Row {
        let kind: ParameterKind
        var parts: [Part]

        var count: Int { parts.reduce(0) { $0 + $1.elements.count } }
    }

    let rows: [Row]
    private let shapes: [Shape]

    /// The most coordinates of a row.
    private static let longestRow = 1 << 18

    init(_ parameters: [Parameter]) {
        var rows: [Row] = []
        for (kind, part) in parameters.enumerated().flatMap({ Self.parts(of: $1, $0) }) {
            if let index = rows.lastIndex(where: { $0.kind == kind }),
                rows[index].count + part.elements.count <= Self.longestRow
            {
                rows[index].parts.append(part)
            } else {
                rows.append(Row(kind: kind, parts: [part]))
            }
        }
        self.rows = rows
        shapes = parameters.map(\.shape)
    }

    private static func parts(of parameter: Parameter, _ index: Int) -> [(ParameterKind, Part)] {
        let count = parameter.shape.count
        let biases = parameter.endsInBias ? parameter.shape[1] : 0
        let ranges = [(parameter.kind, 0..<count - biases), (.denseBias, count - biases..<count)]
        return ranges.flatMap { kind, range in
            stride(from: range.lowerBound, to: range.upperBound, by: longestRow).map { start in
                (kind, Part(parameter: index, elements: start..<min(start + longestRow, range.upperBound)))
            }
        }
    }

    /// One tensor `[1, coordinates]` for each of `rows`.
    func rows(of vector: TensorVector) -> [Tensor] {
        let flat = vector.tensors.map { $0.reshaped([1, $0.shape.count]) }
        return rows.map { row in
            Tensor.concatenating(row.parts.map { flat[$0.parameter].sliced($0.elements, axis: 1) }, axis: 1)
        }
    }

    /// The vector whose rows these are.
    func vector(_ values: [Tensor]) -> TensorVector {
        var parts = [[(first: Int, values: Tensor)]](repeating: [], count: shapes.count)
        for (row, value) in zip(rows, values) {
            var start = 0
            for part in row.parts {
                let own = value.sliced(start..<start + part.elements.count, axis: 1)
                parts[part.parameter].append((part.elements.lowerBound, own))
                start += part.elements.count
            }
        }
        return TensorVector(
            zip(parts, shapes).map { parts, shape in
                let ordered = parts.sorted { $0.first < $1.first }.map(\.values)
                return Tensor.concatenating(ordered, axis: 1).reshaped(shape)
            })
    }
}
