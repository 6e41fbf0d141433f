import TensorKernels
import Testing

@testable import Datasets

@Suite struct SplitTests {
    private let split = Split(features: 2, images: [0, 255, 51, 102, 255, 0], labels: [2, 0, 1])

    private func fill<Scalar: TensorScalar>(_ type: Scalar.Type) -> (images: [Scalar], oneHot: [Scalar]) {
        var images = [Scalar](repeating: 7, count: 6)
        var oneHot = [Scalar](repeating: 7, count: 9)
        images.withUnsafeMutableBufferPointer { images in
            oneHot.withUnsafeMutableBufferPointer { oneHot in
                split.fill(
                    indices: [1, 0, 1], images: images.baseAddress!, oneHot: oneHot.baseAddress!, classes: 3)
            }
        }
        return (images, oneHot)
    }

    @Test func minibatchesHoldScaledImagesAndLabelsAsRows() {
        let single = fill(Float.self)
        #expect(single.images == [51, 102, 0, 255, 51, 102].map { $0 * (1 / 255) })
        #expect(single.oneHot == [1, 0, 0, 0, 0, 1, 1, 0, 0])

        let double = fill(Double.self)
        #expect(double.images == [51, 102, 0, 255, 51, 102].map { $0 * (1 / 255) })
        #expect(double.oneHot == [1, 0, 0, 0, 0, 1, 1, 0, 0])
    }

    @Test func copiesShareTheirImages() {
        let copy = split
        #expect(copy.withImages { $0.baseAddress } == split.withImages { $0.baseAddress })
    }
}
