import Datasets
import TensorEngine
import TestSupport
import Testing

@testable import Problems

/// What is done to pictures before a student sees them.
@Suite struct PicturePreparationTests {
    private static let shape = [10, 11, 3]

    /// Pictures of which every value tells its place, from 1 on, and one that is of one colour.
    private static let dataset: Dataset = {
        let features = shape.reduce(1, *)
        func split(_ count: Int) -> Split {
            func value(_ picture: Int, _ place: Int) -> UInt8 {
                picture == 1 ? 200 : UInt8(1 + (place * 7 + picture * 31) % 255)
            }
            let pictures = (0..<count).flatMap { picture in (0..<features).map { value(picture, $0) } }
            return Split(features: features, images: pictures, labels: (0..<count).map { UInt8($0 % 2) })
        }
        return Dataset(
            name: "places", origin: .synthetic(seed: 1), checksum: "", classes: 2, shape: shape, training: split(8),
            test: split(5))
    }()

    private func problem(_ preparation: PicturePreparation, batchSize: Int = 64, shape: [Int] = shape) -> Problem {
        Problem.classification(
            dataset: Self.dataset, student: Student(inputs: 330, hidden: [], classes: 2), batchSize: batchSize,
            preparation: preparation)
    }

    private func pictures(_ preparation: PicturePreparation, _ batch: Batch, seed: UInt64 = 1) -> [ArraySlice<Double>] {
        let values = ProblemEvaluation(problem(preparation)).data(batch, seed: seed)[0]
        return stride(from: 0, to: values.count, by: 330).map { values[$0..<$0 + 330] }
    }

    private static func standardized(_ values: [Double]) -> [Double] {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        return values.map { ($0 - mean) / max(deviation, 1 / count.squareRoot()) }
    }

    @Test(arguments: [Batch.minibatch(step: 3), .fixed, .chunk(0, of: .test)])
    func standardizationIsAsDefined(batch: Batch) {
        let plain = pictures(PicturePreparation(), batch)
        let found = pictures(PicturePreparation(standardization: .image), batch)
        #expect(plain.count == found.count && !plain.isEmpty)
        for (plain, found) in zip(plain, found) {
            let bytes = plain.map { ($0 * 255).rounded() }
            let expected = Self.standardized(bytes)
            // A picture of one colour is 0 everywhere.
            if Set(bytes).count == 1 {
                #expect(found.allSatisfy { $0 == 0 })
            } else {
                #expect(largestError(Array(found), expected) < 1e-13)
            }
        }
        #expect(
            ProblemEvaluation(problem(PicturePreparation())).data(batch)[1]
                == ProblemEvaluation(problem(PicturePreparation(standardization: .image))).data(batch)[1])
    }

    /// The picture that a crop of the padded one is, mirrored or not.
    private static func cropped(_ picture: [Double], _ rows: Int, _ columns: Int, _ isMirrored: Bool) -> [Double] {
        var result: [Double] = []
        for y in 0..<10 {
            for x in 0..<11 {
                let (fromY, fromX) = (y + rows - 4, (isMirrored ? 10 - x : x) + columns - 4)
                let isInside = (0..<10).contains(fromY) && (0..<11).contains(fromX)
                for channel in 0..<3 { result.append(isInside ? picture[(fromY * 11 + fromX) * 3 + channel] : 0) }
            }
        }
        return result
    }

    /// Every picture is a crop at 0 ... 8, mirrored or not; each of the 162 ways is as likely.
    @Test func augmentationCropsAndMirrors() throws {
        var ways: [[Double]: (rows: Int, columns: Int, isMirrored: Bool)] = [:]
        let plain = pictures(PicturePreparation(), .fixed)
        for picture in plain where Set(picture).count > 1 {
            for way in 0..<162 {
                let (rows, columns, isMirrored) = (way / 18, way / 2 % 9, way % 2 == 1)
                ways[Self.cropped(Array(picture), rows, columns, isMirrored)] = (rows, columns, isMirrored)
            }
        }
        #expect(ways.count == 7 * 162)
        var (rows, columns) = ([Int](repeating: 0, count: 9), [Int](repeating: 0, count: 9))
        var (mirrored, count) = (0, 0)
        for step in 0..<60 {
            let batch = Batch.minibatch(step: step)
            let unchanged = pictures(PicturePreparation(), batch)
            for (picture, before) in zip(pictures(PicturePreparation(augmentation: .cifar), batch), unchanged)
            where Set(before).count > 1 {
                let way = try #require(ways[Array(picture)])
                // It is a crop of the very picture that is drawn without augmentation.
                #expect(Self.cropped(Array(before), way.rows, way.columns, way.isMirrored) == Array(picture))
                rows[way.rows] += 1
                columns[way.columns] += 1
                mirrored += way.isMirrored ? 1 : 0
                count += 1
            }
        }
        // Within four standard deviations.
        let share = Double(count) / 9
        for found in rows + columns { #expect(abs(Double(found) - share) < 4 * (share * 8 / 9).squareRoot()) }
        #expect(abs(Double(mirrored) - Double(count) / 2) < 2 * Double(count).squareRoot())
    }

    @Test func onlyMinibatchesAreAugmentedAndByKeyAndStep() {
        let augmented = PicturePreparation(augmentation: .cifar)
        for batch in [Batch.fixed, .chunk(0, of: .test)] {
            #expect(pictures(augmented, batch) == pictures(PicturePreparation(), batch))
        }
        let first = pictures(augmented, .minibatch(step: 2))
        #expect(first == pictures(augmented, .minibatch(step: 2)))
        #expect(first != pictures(augmented, .minibatch(step: 3)))
        #expect(first != pictures(augmented, .minibatch(step: 2), seed: 2))
    }

    /// Crops are of raw pixels, padded with zeros that are standardized with the rest.
    @Test func augmentationComesBeforeStandardization() {
        let augmented = pictures(PicturePreparation(augmentation: .cifar), .minibatch(step: 0))
        let both = pictures(
            PicturePreparation(augmentation: .cifar, standardization: .image), .minibatch(step: 0))
        for (augmented, both) in zip(augmented, both) {
            let bytes = augmented.map { ($0 * 255).rounded() }
            guard Set(bytes).count > 1 else { continue }
            #expect(largestError(Array(both), Self.standardized(bytes)) < 1e-13)
        }
    }

    /// Single precision sees the same pictures, rounded.
    @Test func precisionsAgree() {
        let problem = problem(PicturePreparation(augmentation: .cifar, standardization: .image))
        func filled<Scalar: TensorScalar>(as type: Scalar.Type) -> [Double] {
            let tensors = problem.data.shapes(of: .minibatch(step: 1)).map { ElementBuffer<Scalar>(count: $0.count) }
            problem.data.fill(tensors.map(TensorElements.init), .minibatch(step: 1), key: RandomKey(seed: 5))
            return tensors[0].elements.map(Double.init)
        }
        let double = filled(as: Double.self)
        #expect(filled(as: Float.self) == double.map { Double(Float($0)) })
    }

    @Test func movesOfOddSizes() {
        let picture = (1...6).map(Double.init)
        func moved(_ rows: Int, _ columns: Int, _ isMirrored: Bool) -> [Double] {
            let buffer = ElementBuffer(picture)
            PictureMove([2, 3]).apply(to: buffer.start, rows: rows, columns: columns, isMirrored: isMirrored)
            return buffer.elements
        }
        #expect(moved(0, 0, true) == [3, 2, 1, 6, 5, 4])
        #expect(moved(1, 0, false) == [0, 0, 0, 1, 2, 3])
        #expect(moved(0, -1, false) == [2, 3, 0, 5, 6, 0])
        #expect(moved(-1, 2, true) == [0, 0, 6, 0, 0, 0])
        #expect(moved(-2, 5, false) == [0, 0, 0, 0, 0, 0])
    }

    @Test func onlyPicturesArePrepared() {
        func misfit(_ shape: [Int], residual: ResidualArchitecture? = nil, _ preparation: PicturePreparation) -> String?
        {
            ClassificationFamily(
                datasets: DatasetPool([DatasetPoolTests.plain(1, shape: shape)]), architecture: .fixed([]),
                residual: residual, activation: .relu, initialization: nil, batchSize: 2, preparation: preparation
            ).misfit
        }
        #expect(misfit([6], PicturePreparation()) == nil)
        #expect(misfit([2, 3], PicturePreparation(standardization: .image)) == nil)
        let places = "found plain-1 with examples of 6; allowed: pictures, which have height and width"
        #expect(misfit([6], PicturePreparation(standardization: .image))?.contains(places) == true)
        #expect(misfit([6], residual: ResidualArchitecture(layers: 8), PicturePreparation())?.contains(places) == true)
        #expect(misfit([2, 3], residual: ResidualArchitecture(layers: 8), PicturePreparation()) == nil)
        let large = ResidualArchitecture(layers: 18, pictures: .imagenet)
        #expect(
            misfit([32, 31], residual: large, PicturePreparation())
                == "dataset: found plain-1 with pictures of 32 × 31; allowed: at least 32 × 32 for this residual student"
        )
    }
}
