import CZlib
import Foundation
import Locking

/// The pictures of a folder, read when they are needed, by any number of threads.
///
/// Those that were read last stay in memory, within bounds; which these are changes no result.
final class PictureStore: Sendable {
    private let paths: [String]
    private let form: PictureForm
    /// What each picture came to when the folder was looked through.
    private let checksums: [UInt32]
    private let cache: PictureCache

    /// Looks through all pictures, one at a time.
    ///
    /// - Parameters:
    ///   - cacheSize: how many bytes of pictures stay in memory.
    ///   - see: is given each picture, in their order.
    /// - Throws: `DatasetError` where one is broken.
    init(_ paths: [String], form: PictureForm, cacheSize: Int, see: (_ number: Int, ImmutableBytes) -> Void) throws {
        self.paths = paths
        self.form = form
        let cache = PictureCache(capacity: cacheSize / form.features)
        self.cache = cache
        checksums = try paths.enumerated().map { number, path in
            let pixels = try Self.read(path, form)
            see(number, pixels)
            cache.keep(pixels, of: number)
            return Self.checksum(pixels)
        }
    }

    /// How many pictures are in memory.
    var cached: Int { cache.count }

    /// The bytes of a picture: height × width × channels.
    ///
    /// A run cannot go on without a picture that was there at its start, or with another in its place: then the program
    /// ends, and what it did so far stands.
    func pixels(of number: Int) -> ImmutableBytes {
        if let pixels = cache.pixels(of: number) { return pixels }
        do {
            let pixels = try Self.read(paths[number], form)
            guard Self.checksum(pixels) == checksums[number] else {
                throw DatasetError.fault(in: paths[number], "it is another picture than at the start of this run")
            }
            cache.keep(pixels, of: number)
            return pixels
        } catch {
            FileHandle.standardError.write(Data("journal: \(error)\n".utf8))
            exit(EX_IOERR)
        }
    }

    private static func read(_ path: String, _ form: PictureForm) throws -> ImmutableBytes {
        ImmutableBytes(form.apply(to: try PictureFile(path).decoded()).pixels)
    }

    private static func checksum(_ pixels: ImmutableBytes) -> UInt32 {
        UInt32(pixels.withBuffer { crc32(0, $0.baseAddress, uInt($0.count)) })
    }
}

/// Pictures in memory, at most so many: each has one place, and drives out the one that has it.
final class PictureCache: Sendable {
    private struct Place {
        var number: Int
        var pixels: ImmutableBytes
    }

    let capacity: Int
    private let places: Locked<[Int: Place]>

    /// - Parameter capacity: how many pictures; at least one is kept.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
        places = Locked([:])
    }

    var count: Int { places.withLock { $0.count } }

    func pixels(of number: Int) -> ImmutableBytes? {
        places.withLock { places in
            guard let place = places[number % capacity], place.number == number else { return nil }
            return place.pixels
        }
    }

    func keep(_ pixels: ImmutableBytes, of number: Int) {
        places.withLock { $0[number % capacity] = Place(number: number, pixels: pixels) }
    }
}
