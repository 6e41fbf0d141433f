import Foundation

/// Figures computed elsewhere in float64, which results must agree with.
public struct ReferenceFigures {
    /// A tensor of the file: a shape and its elements row by row.
    public struct Tensor: Sendable {
        public let shape: [Int]
        public let values: [Double]
    }

    private let value: Any

    /// Reads a JSON file of a test bundle's `Reference` folder.
    public init(_ name: String, in bundle: Bundle) throws {
        let file = bundle.url(forResource: name, withExtension: "json", subdirectory: "Reference")
        guard let file else { throw CocoaError(.fileNoSuchFile) }
        value = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    }

    private init(value: Any) {
        self.value = value
    }

    public subscript(key: String) -> ReferenceFigures {
        ReferenceFigures(value: (value as! [String: Any])[key]!)
    }

    public var items: [ReferenceFigures] { (value as! [Any]).map(ReferenceFigures.init(value:)) }

    public var number: Double { (value as! NSNumber).doubleValue }

    public var numbers: [Double] { items.map(\.number) }

    public var tensor: Tensor {
        Tensor(shape: self["shape"].numbers.map { Int($0) }, values: self["values"].numbers)
    }
}

/// The largest distance between two lists, relative to the largest element of the second. Infinite where one has more
/// elements than the other, where there are none, and where any is NaN: so that no tolerance lets that pass.
public func largestError(_ found: [Double], _ expected: [Double]) -> Double {
    let distances = zip(found, expected).map { abs($0 - $1) }
    guard found.count == expected.count, let largest = distances.max(), !distances.contains(where: \.isNaN) else {
        return .infinity
    }
    return largest / max(expected.map(abs).max()!, 1e-300)
}

/// The largest of the errors of several lists, each relative to its own elements. Infinite as for one of them, and where
/// there are more lists found than expected, or fewer.
public func largestError(_ found: [[Double]], _ expected: [[Double]]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).map { largestError($0, $1) }.max() ?? .infinity
}
