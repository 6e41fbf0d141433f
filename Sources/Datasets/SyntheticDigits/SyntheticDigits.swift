import Dispatch
import Nouns
import TensorEngine

/// Digits of our own making, in the format and about as hard as MNIST, for places that have neither files nor network.
///
/// An image depends on the seed, its index and its label alone, so any number of threads makes the same ones.
public struct SyntheticDigits: DatasetSource {
    public let name = "synthetic-digits"
    public var isGenerated: Bool { true }

    /// How many training and test images there are, and the side of an image in pixels.
    private let trainingCount: Int
    private let testCount: Int
    private let side = 28

    public init(trainingCount: Int = 60_000, testCount: Int = 10_000) {
        self.trainingCount = trainingCount
        self.testCount = testCount
    }

    public func load(_ request: DatasetRequest) -> Dataset {
        let key = RandomKey(seed: request.seed).derived("synthetic-digits, version 1")
        let training = split(count: trainingCount, key: key.derived("training"))
        let test = split(count: testCount, key: key.derived("test"))
        let checksum = SHA256()
        for split in [training, test] {
            split.withImages(checksum.add)
            checksum.add(split.labels)
        }
        return Dataset(
            name: name, origin: .synthetic(seed: request.seed), checksum: checksum.finish(), classes: 10,
            shape: [side, side], training: training, test: test)
    }

    /// As many images of each digit as of any other, but for a remainder, in random order.
    private func split(count: Int, key: RandomKey) -> Split {
        var order = RandomStream(key.derived("labels"))
        let labels = order.permutation(of: count).map { UInt8($0 % 10) }
        let features = side * side
        let images = ImmutableBytes(count: count * features) { memory in
            let images = ImageMemory(start: memory.baseAddress!)
            // Pieces of a size that keeps all cores busy to the end; what is drawn does not depend on it.
            let piece = 256
            DispatchQueue.concurrentPerform(iterations: (count + piece - 1) / piece) { number in
                for index in (number * piece)..<min((number + 1) * piece, count) {
                    var random = RandomStream(key.derived("image", UInt64(index)))
                    draw(Int(labels[index]), at: images.start + index * features, &random)
                }
            }
        }
        return Split(features: features, storage: images, offset: 0, labels: labels)
    }

    private func draw(_ digit: Int, at image: UnsafeMutablePointer<UInt8>, _ random: inout RandomStream) {
        var canvas = Canvas(width: side, height: side)
        let radius = random.uniform(in: 0.7..<1.65)
        let softness = random.uniform(in: 0.7..<1.4)
        for stroke in Handwriting.strokes(ofDigit: digit, &random) {
            canvas.draw(stroke, radius: radius, softness: softness)
        }
        let brightness = Float(random.uniform(in: 240..<320))
        for (position, ink) in canvas.ink.enumerated() {
            // The paper stays clean, as MNIST's is: only ink is uneven.
            let unevenness = ink > 0 ? Float(random.uniform(in: 0.85..<1.05)) : 0
            image[position] = UInt8(min(ink * unevenness * brightness, 255))
        }
    }
}

/// Memory that threads write to in places of their own.
private struct ImageMemory: @unchecked Sendable {
    let start: UnsafeMutablePointer<UInt8>
}
