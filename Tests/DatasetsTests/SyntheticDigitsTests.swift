import Testing

@testable import Datasets

@Suite struct SyntheticDigitsTests {
    private func digits(seed: UInt64, training: Int = 300, test: Int = 50) -> Dataset {
        SyntheticDigits(trainingCount: training, testCount: test).load(
            DatasetRequest(folders: [], mirrors: nil, timeout: 1, seed: seed, report: { _ in }))
    }

    /// Results are compared across machines by this sum: it must never change for a seed.
    @Test func digitsKeepTheirBits() {
        #expect(digits(seed: 1).checksum == "a5a9fef97cb32f0fb50eb2df278a872a4145dacca56d2da2a044dd24f53c0b8a")
    }

    @Test func anotherSeedDrawsOtherDigits() {
        #expect(digits(seed: 1).checksum != digits(seed: 2).checksum)
    }

    /// Threads take turns differently each time, but what they draw depends on the index alone.
    @Test func everyGenerationGivesTheSameBytes() {
        let sums = (0..<4).map { _ in digits(seed: 3, training: 2000).checksum }
        #expect(Set(sums).count == 1)
    }

    @Test func everyDigitComesEquallyOften() {
        let dataset = digits(seed: 1)
        for digit in 0..<10 {
            #expect(dataset.training.labels.count { $0 == digit } == 30)
            #expect(dataset.test.labels.count { $0 == digit } == 5)
        }
        #expect(dataset.training.labels != dataset.training.labels.sorted())
    }

    @Test func pagesHaveAsMuchInkAsMNIST() {
        let dataset = digits(seed: 1)
        let mean = dataset.training.withImages { $0.reduce(0.0) { $0 + Double($1) } / Double($0.count) } / 255
        #expect(abs(mean - 0.131) < 0.01, "MNIST's mean is 0.1307")
        let corners = dataset.training.withImages { images in
            (0..<dataset.training.count).map { images[784 * $0] }
        }
        #expect(corners.allSatisfy { $0 == 0 })
    }

    /// The digits must be told apart by what they look like: the mean image of each class is nearest to most of the
    /// test images of that class.
    @Test func digitsCanBeToldApart() {
        let dataset = digits(seed: 1, training: 2000, test: 500)
        var means = [[Double]](repeating: [Double](repeating: 0, count: 784), count: 10)
        dataset.training.withImages { images in
            for (index, label) in dataset.training.labels.enumerated() {
                for pixel in 0..<784 { means[Int(label)][pixel] += Double(images[784 * index + pixel]) / 200 }
            }
        }
        let correct = dataset.test.withImages { images in
            dataset.test.labels.enumerated().count { index, label in
                let distances = means.map { mean in
                    (0..<784).reduce(0.0) { sum, pixel in
                        let difference = Double(images[784 * index + pixel]) - mean[pixel]
                        return sum + difference * difference
                    }
                }
                return distances.firstIndex(of: distances.min()!) == Int(label)
            }
        }
        #expect(correct > 350, "MNIST: 410")
    }
}
