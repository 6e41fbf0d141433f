import Datasets
import Nouns

/// Pictures of 2 × 2 pixels: two across, which is class 0, and two down, class 1.
struct Stripes: DatasetSource {
    let name = "stripes"

    func load(_ request: DatasetRequest) -> Dataset {
        let split = Split(features: 4, images: [255, 255, 0, 0, 255, 0, 255, 0], labels: [0, 1])
        let checksum = SHA256()
        split.withImages(checksum.add)
        checksum.add(split.labels)
        return Dataset(
            name: name, origin: .synthetic(seed: request.seed), checksum: checksum.finish(), classes: 2,
            shape: [2, 2], training: split, test: split)
    }
}
