import Analysis
import Wording

extension ArchitectureGroup {
    /// What is in the group, as short as it can be: `3`, or `9,000 to 32,000`.
    var label: String {
        switch property {
        case .depth: String(range.lowerBound)
        case .weights: "\(grouped(range.lowerBound)) to \(grouped(range.upperBound))"
        }
    }

    /// What is in the group, and what its students differ in: `3 hidden layers: 12 students of 1,594 to 98,310 weights`.
    var title: String {
        let count = counted(students.count, "student")
        switch property {
        case .depth:
            return "\(layers(label)): \(count) of \(span(students.map(\.weights))) weights"
        case .weights:
            return "\(label) weights: \(count) of \(layers(span(students.map(\.depth))))"
        }
    }

    private func layers(_ count: String) -> String { "\(count) hidden \(count == "1" ? "layer" : "layers")" }

    private func span(_ values: [Int]) -> String {
        guard let least = values.min(), let most = values.max() else { return "0" }
        return least == most ? grouped(least) : "\(grouped(least)) to \(grouped(most))"
    }

    private func grouped(_ value: Int) -> String { NumberText.grouped(Double(value)) }
}

extension ArchitectureProperty {
    /// What it is, to go on after `by`.
    var inWords: String {
        switch self {
        case .depth: "depth (hidden layers)"
        case .weights: "number of weights"
        }
    }
}
