import Datasets
import Formats
import Foundation
import Nouns
import Problems

/// Pictures of 2 × 2 pixels: two across, which is class 0, and two down, class 1.
struct Stripes: DatasetSource {
    var name = "stripes"
    var brightness: UInt8 = 255

    private var split: Split {
        Split(features: 4, images: [1, 1, 0, 0, 1, 0, 1, 0].map { $0 * brightness }, labels: [0, 1])
    }

    var checksum: String {
        let checksum = SHA256()
        split.withImages(checksum.add)
        checksum.add(split.labels)
        return checksum.finish()
    }

    func load(_ request: DatasetRequest) -> Dataset {
        Dataset(
            name: name, origin: .synthetic(seed: request.seed), checksum: checksum, classes: 2, shape: [2, 2],
            training: split, test: split)
    }
}

extension DatasetKind {
    /// Stripes as bright as the byte in a file.
    static let brightness = DatasetKind(
        "brightness", "Stripes as bright as a file says.",
        fields: [Field("share", .number(.share), default: 1, "How much of that.")]
    ) { settings, file, name in
        let brightness = (try? Data(contentsOf: file).first) ?? 0
        return Stripes(name: name, brightness: UInt8(Double(brightness) * settings.number("share")))
    }
}
