import TensorEngine

/// Examples taken apart into those to train on and those to test on, where they come without a division.
///
/// It follows from the labels alone, whatever the seed of an experiment: results of two seeds are on the same test
/// examples. Each class gives the same share, rounded, and keeps at least one example to train on. Test examples are in
/// random order, since batch normalization sees a thousand of them at a time, which should not be of one class.
struct HeldBack {
    /// Indices of the examples.
    let training: [Int]
    let test: [Int]

    private static let key = RandomKey(seed: 0).derived("test split")

    /// - Parameters:
    ///   - share: of each class; more than 0 and less than 1.
    ///   - path: what messages call the data.
    /// - Throws: `DatasetError` of kind `malformedFile` where the share comes to no example.
    init(_ share: Double, of labels: [UInt8], path: String) throws {
        var ofClass: [UInt8: [Int]] = [:]
        for (index, label) in labels.enumerated() { ofClass[label, default: []].append(index) }
        var test: [Int] = []
        for (label, examples) in ofClass.sorted(by: { $0.key < $1.key }) {
            var stream = RandomStream(Self.key.derived("class", UInt64(label)))
            let order = stream.permutation(of: examples.count)
            let count = min(Int((share * Double(examples.count)).rounded()), examples.count - 1)
            test += order.prefix(count).map { examples[$0] }
        }
        guard !test.isEmpty else {
            throw DatasetError.fault(
                in: path, "a share of \(share) of each class comes to no example; \"test\" has to be larger")
        }
        let held = Set(test)
        training = labels.indices.filter { !held.contains($0) }
        self.test = Self.shuffled(test)
    }

    /// In the order in which test examples are scored.
    static func shuffled(_ examples: [Int]) -> [Int] {
        var stream = RandomStream(key.derived("order"))
        return stream.permutation(of: examples.count).map { examples[$0] }
    }
}
