import Datasets
import TensorEngine

/// Four classes, each a quarter of the picture that is brighter than the rest.
enum Quarters {
    static let dataset: Dataset = {
        var stream = RandomStream(RandomKey(seed: 7))
        let labels = (0..<400).map { UInt8($0 % 4) }
        let images = labels.flatMap { label in
            (0..<16).map { pixel in UInt8(stream.index(below: 120)) + (pixel / 4 == Int(label) ? 80 : 0) }
        }
        let split = Split(features: 16, images: images, labels: labels)
        return Dataset(
            name: "quarters", origin: .synthetic(seed: 7), checksum: "", classes: 4, shape: [4, 4], training: split,
            test: split)
    }()
}
