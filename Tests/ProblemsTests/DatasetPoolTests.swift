import Datasets
import TensorEngine
import Testing

@testable import Problems

@Suite struct DatasetPoolTests {
    /// Pictures that are all of one brightness, so that a batch shows what it was drawn from.
    static func plain(_ brightness: UInt8, shape: [Int] = [2, 3], classes: Int = 3, test: Int = 4) -> Dataset {
        let features = shape.reduce(1, *)
        func split(_ count: Int) -> Split {
            Split(
                features: features, images: [UInt8](repeating: brightness, count: count * features),
                labels: (0..<count).map { UInt8($0 % classes) })
        }
        return Dataset(
            name: "plain-\(brightness)", origin: .synthetic(seed: 1), checksum: "", classes: classes, shape: shape,
            training: split(9), test: split(test))
    }

    private func family(_ datasets: [Dataset], _ architecture: Architecture = .fixed([2])) -> ClassificationFamily {
        ClassificationFamily(
            datasets: DatasetPool(datasets), architecture: architecture, activation: .tanh, initialization: .glorot,
            batchSize: 3)
    }

    /// Within four standard deviations of the even share.
    @Test(arguments: 1...4) func eachDatasetIsDrawnAboutAsOften(count: Int) {
        let keys = (0..<4000).map { RandomKey(seed: $0) }
        let pool = DatasetPool((0..<count).map { Self.plain(UInt8($0)) })
        let drawn = keys.map(pool.index)
        let share = 1 / Double(count)
        let deviation = (4000 * share * (1 - share)).squareRoot()
        for index in 0..<count {
            #expect(abs(Double(drawn.count { $0 == index }) - 4000 * share) <= 4 * deviation)
        }
        #expect(keys.map(pool.index) == drawn)
        #expect(keys.map { pool.dataset($0).name } == drawn.map { "plain-\($0)" })
    }

    /// Neither draw tells of the other: students are as deep on one dataset as on the other.
    @Test func datasetAndArchitectureAreDrawnApart() {
        let pool = DatasetPool([Self.plain(1), Self.plain(2)])
        let architecture = Architecture.random(layers: 1...2, units: 3...5)
        var counts = [[0, 0], [0, 0]]
        for seed in UInt64(0)..<4000 {
            let key = RandomKey(seed: seed)
            counts[pool.index(key)][architecture.hiddenLayers(key).count - 1] += 1
        }
        for count in counts.joined() { #expect(abs(count - 1000) < 4 * 28) }
    }

    @Test func studentsAreAsWideAsTheirDatasetAsks() throws {
        let family = family(
            [Self.plain(1), Self.plain(2, shape: [4, 2], classes: 5)], .random(layers: 1...2, units: 3...5))
        var seen: Set<String> = []
        for seed in UInt64(0)..<40 {
            let key = RandomKey(seed: seed)
            let (dataset, student) = try Self.parts(family.problem(key))
            let ends = dataset.name == "plain-1" ? ("6-", "-3") : ("8-", "-5")
            #expect(student.description.hasPrefix(ends.0) && student.description.hasSuffix(ends.1))
            #expect(
                family.problem(key).data.shapes(of: .minibatch(step: 0)).map(\.sizes) == [
                    [3, dataset.features], [3, dataset.classes],
                ])
            seen.insert(dataset.name)
        }
        #expect(seen.count == 2)
    }

    private static func parts(_ problem: Problem) throws -> (dataset: Dataset, student: any Classifier) {
        let data = try #require(problem.data as? ClassificationData)
        let objective = try #require(problem.objective as? Classification)
        return (data.dataset, objective.student)
    }

    @Test func convolutionsTakeWhatChannelsThereAre() {
        let family = ClassificationFamily(
            datasets: DatasetPool([Self.plain(1), Self.plain(2, shape: [4, 4, 3])]), architecture: .fixed([]),
            convolutions: [.init(size: 3, channels: 2, pooling: 2)], activation: .relu, initialization: .paper,
            batchSize: 3)
        let students = Set((0..<40).map { family.student(RandomKey(seed: $0)).description })
        #expect(students == ["2x3x1-3x3x2-3", "4x4x3-3x3x2-3"])
    }

    /// What is compiled for one trial is used for others whose parameters are alike, and must then learn their dataset.
    @Test func aProblemFillsBatchesOfTheDatasetThatTheirKeyDraws() throws {
        let family = family([Self.plain(51), Self.plain(204, test: 7)])
        let first = family.problem(RandomKey(seed: 0))
        var brightness: Set<Double> = []
        for seed in UInt64(0)..<20 {
            let own = family.problem(RandomKey(seed: seed))
            for batch in [Batch.minibatch(step: 2), .fixed] {
                let data = ProblemEvaluation(own).data(batch, seed: seed)
                #expect(data == ProblemEvaluation(first).data(batch, seed: seed))
                brightness.formUnion(data[0].map { ($0 * 255).rounded() })
            }
            let name = try Self.parts(own).dataset.name
            #expect(own.data.scoredSplit(.test)?.examples == (name == "plain-51" ? 4 : 7))
        }
        #expect(brightness == [51, 204])
    }
}
