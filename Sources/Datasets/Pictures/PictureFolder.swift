import Foundation
import Wording

/// Pictures in a folder for each class: `train/CLASS/` and `test/CLASS/`, or `CLASS/` alone with a share to test on.
///
/// Each is decoded once before it is used, to see that it is sound and for the checksum, and then whenever it is needed:
/// they are never all in memory at once.
public struct PictureFolder: DatasetSource {
    public let name: String
    private let folder: URL
    private let testShare: Double?
    private let size: PictureSize?
    private let channels: Int?
    private let cacheSize: Int

    /// Looking through so many takes long enough to say so.
    private static let manyPictures = 5000

    /// - Parameters:
    ///   - name: what messages and the journal call it.
    ///   - testShare: of each class, where the folder has the classes itself.
    ///   - size: what pictures are brought to; nil where all have one size.
    ///   - channels: 3 or 1; nil for 3 if any picture's file has colours.
    ///   - cacheSize: how many bytes of pictures may stay in memory.
    public init(
        name: String, folder: URL, testShare: Double?, size: PictureSize? = nil, channels: Int? = nil,
        cacheSize: Int = 256 << 20
    ) {
        self.name = name
        self.folder = folder
        self.testShare = testShare
        self.size = size
        self.channels = channels
        self.cacheSize = cacheSize
    }

    public func load(_ request: DatasetRequest) throws -> Dataset {
        let listing = try PictureListing(folder, testShare: testShare)
        let entries = listing.training + listing.test
        if entries.count >= Self.manyPictures {
            request.report("Looking through \(counted(entries.count, "picture")) in \(folder.path).")
        }
        let form = try form(of: entries.map(\.path))
        let labels = [listing.training, listing.test].map { $0.map(\.label) }
        let checksum = ValueChecksum(shape: form.shape, of: .bytes)
        let store = try PictureStore(entries.map(\.path), form: form, cacheSize: cacheSize) { number, pixels in
            if number == labels[0].count { checksum.add(labels: labels[0]) }
            checksum.add(pixels)
        }
        checksum.add(labels: labels[1])
        let numbers = [0..<labels[0].count, labels[0].count..<entries.count]
        let splits = zip(numbers, labels).map { numbers, labels in
            Split(features: form.features, inputs: .pictures(store, Array(numbers)), labels: labels)
        }
        return Dataset(
            name: name, origin: .named(folder), checksum: checksum.finish(), classes: listing.classes.names.count,
            shape: form.shape, training: splits[0], test: splits[1], note: listing.classes.note)
    }

    /// What all pictures are brought to, by their headers.
    private func form(of paths: [String]) throws -> PictureForm {
        var first: PictureFile.Header?
        var hasColours = false
        for path in paths {
            let header = try PictureFile(path).header
            hasColours = hasColours || header.hasColours
            guard let first else {
                first = header
                continue
            }
            guard size != nil || header.size == first.size else {
                throw DatasetError.fault(
                    in: path,
                    "it has the size \(header.size), and \(paths[0]) has \(first.size) (height × width). Give all one size, "
                        + "or say \"size\" in the spec")
            }
        }
        let size = size ?? first?.size ?? PictureSize(height: 1, width: 1)
        return PictureForm(size: size, channels: channels ?? (hasColours ? 3 : 1))
    }
}
