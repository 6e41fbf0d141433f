import TensorEngine

/// Optimizees' states that unrolls begin at again, chosen by how badly the optimizer did there: rank-based prioritized
/// experience replay (Schaul et al. 2016, section 3.3) as Chen, Lu and Fokoue 2018 use it, so that an optimizer meets not
/// only states that are as far as it comes by itself.
///
/// A state enters when its loss is the lowest so far and its norm is at most 1.2 times that of the one that entered before.
/// (In the code published with the paper the lowest loss begins at 0, so that none ever enters.) The first place is for
/// the initial state of the epoch. It lasts from epoch to epoch, and is part of a checkpoint.
final class ReplayMemory<Scalar: TensorScalar>: EstimatorMemory {
    let keepProbability: Double
    private let capacity: Int
    /// Parameters, then what is carried; the first is an epoch's initial state.
    private var states: [ElementBuffer<Scalar>] = []
    /// The mean error of the unrolls since each was drawn the last time.
    private var priorities: [Double] = []
    private var elementCount = 0
    /// The place of the next one, once all are taken.
    private var oldest = 1
    private var lowestLoss = Double.infinity
    private var lastNorm = Double.infinity
    /// Which state the optimizee came from, and the errors of its unrolls since then.
    private var source = 0
    private var errors: [Double] = []

    /// How fast the probability falls with the rank: rank^-0.7.
    private let shares: [Double]
    private static var mostGrowth: Double { 1.2 }

    init(_ replay: SolutionLearning.Replay) {
        capacity = replay.size
        keepProbability = replay.keepProbability
        shares = (1...replay.size).map(Self.share(ofRank:))
    }

    /// Begins an epoch at its initial state. States of another size, of students that are drawn at random, are forgotten.
    func begin(_ state: InnerState<Scalar>) {
        let count = state.parameters.count + state.carried.count
        if count != elementCount {
            (states, priorities, elementCount) = ([], [], count)
            (oldest, lowestLoss, lastNorm) = (1, .infinity, .infinity)
        }
        if states.isEmpty {
            states.append(ElementBuffer(count: count))
            priorities.append(0)
        }
        write(state, to: states[0])
        (source, errors) = (0, [])
    }

    /// Keeps the error of an unroll.
    func note(error: Double) { errors.append(error) }

    /// Puts another state in the place of one, which is kept where it is new and good.
    ///
    /// - Parameter loss: of the state.
    func replace(_ state: InnerState<Scalar>, loss: Double, _ stream: inout RandomStream) {
        let norm = Self.norm(state.parameters)
        if loss < lowestLoss, norm < Self.mostGrowth * lastNorm {
            insert(state)
            (lowestLoss, lastNorm) = (loss, norm)
        }
        let mean = errors.reduce(0, +) / Double(max(errors.count, 1))
        // What is worse than any number comes first.
        priorities[source] = mean.isNaN ? .greatestFiniteMagnitude : mean
        (source, errors) = (draw(&stream), [])
        let chosen = states[source]
        state.parameters.start.update(from: chosen.start, count: state.parameters.count)
        state.carried.start.update(from: chosen.start + state.parameters.count, count: state.carried.count)
    }

    private func insert(_ state: InnerState<Scalar>) {
        // A new one is as urgent as the most urgent.
        let priority = priorities.max() ?? 0
        if states.count < capacity {
            states.append(ElementBuffer(count: elementCount))
            priorities.append(priority)
            write(state, to: states[states.count - 1])
        } else if capacity > 1 {
            write(state, to: states[oldest])
            priorities[oldest] = priority
            oldest = oldest + 1 < capacity ? oldest + 1 : 1
        }
    }

    private func write(_ state: InnerState<Scalar>, to place: ElementBuffer<Scalar>) {
        place.start.update(from: state.parameters.start, count: state.parameters.count)
        (place.start + state.parameters.count).update(from: state.carried.start, count: state.carried.count)
    }

    /// The place of a state, by its rank from the largest error down.
    private func draw(_ stream: inout RandomStream) -> Int {
        let ranked = priorities.indices.sorted { (-priorities[$0], $0) < (-priorities[$1], $1) }
        let all = shares.prefix(ranked.count).reduce(0, +)
        var rest = stream.uniform() * all
        for (index, share) in zip(ranked, shares) {
            rest -= share
            if rest < 0 { return index }
        }
        return ranked[ranked.count - 1]
    }

    /// rank^-0.7, the tenth root of rank^-7 by Newton's iteration from above: the C library's power may differ from
    /// machine to machine.
    private static func share(ofRank rank: Int) -> Double {
        let inverse = 1 / Double(rank)
        let seventh = inverse * inverse * inverse * inverse * inverse * inverse * inverse
        var root = 1.0
        for _ in 0..<100 {
            let cube = root * root * root
            root = (9 * root + seventh / (cube * cube * cube)) / 10
        }
        return root
    }

    private static func norm(_ elements: ElementBuffer<Scalar>) -> Double {
        var square = 0.0
        for index in 0..<elements.count { square += Double(elements.start[index]) * Double(elements.start[index]) }
        return square.squareRoot()
    }

    /// How many states there are, of how many elements, which is replaced next, the bounds, and a priority for each place.
    var numbers: [Double] {
        [Double(states.count), Double(elementCount), Double(oldest), lowestLoss, lastNorm] + priorities
            + Array(repeating: 0, count: capacity - priorities.count)
    }

    var buffers: [ElementBuffer<Scalar>] { states }

    func prepare(_ numbers: [Double], elements: Int) {
        let sizes = numbers.prefix(3).compactMap { Int(exactly: $0) }
        guard sizes.count == 3, (0...capacity).contains(sizes[0]), (0...elements).contains(sizes[1]),
            sizes[0] * sizes[1] <= elements
        else { return }
        let count = sizes[0]
        (elementCount, oldest) = (sizes[1], sizes[2])
        (lowestLoss, lastNorm) = (numbers[3], numbers[4])
        priorities = Array(numbers[5..<5 + count])
        states = (0..<count).map { _ in ElementBuffer(count: elementCount) }
    }
}
