import Foundation
import Optimizers
import TensorEngine
import TestSupport
import Testing

/// Steps of teachers on three coordinates, against their formulas written out in `Double`.
@Suite("Teachers follow their formulas")
struct TeacherTests {
    private static let values = [0.5, -0.25, 0.0]
    private static let gradients = [0.1, -2.0, 0.0]
    /// What three coordinates are told: two rows of the first example, and two of the second.
    private static let told = [[[0.2, 0.4, -0.1], [1.0, 0.5, 0.3]], [[-0.6, 0.1, 0.9], [0.7, -0.8, 0.0]]]

    private static let inputs = [LocalInput("input", rows: 1), LocalInput("output", rows: 1)]

    /// The new values and the new state.
    private func step(
        _ teacher: TeacherOptimizer, _ weights: [Double], values: [Double] = values, gradients: [Double] = gradients,
        told: [[Double]], state: [[Double]]? = nil, number: Int = 1
    ) -> (values: [Double], state: [[Double]]) {
        let trace = Trace()
        let metaParameters = teacher.metaParameters.map { trace.input($0.shape) }
        let schedule = teacher.scheduleValues(step: number)
        let updated = teacher.update(
            Coordinates(
                parameter: trace.input([1, 3]), gradient: trace.input([1, 3]), local: trace.input([told.count, 3]),
                state: teacher.stateFeatures.map { trace.input([$0, 3]) },
                schedule: schedule.map { _ in trace.input(.scalar) }),
            metaParameters: metaParameters)
        let plan = Plan<Double>(trace.graph(outputs: [updated.parameter] + updated.state))
        let split = zip(teacher.metaParameters, teacher.metaParameters.offsets).map { parameter, offset in
            Array(weights[offset..<offset + parameter.shape.count])
        }
        let before = state ?? teacher.stateFeatures.map { [Double](repeating: 0, count: 3 * $0) }
        let results = plan(split + [values, gradients, told.flatMap(\.self)] + before + schedule.map { [$0] })
        return (results[0], Array(results.dropFirst()))
    }

    /// Weights drawn so that every one of them counts, shift and scale among them.
    private func weights(of teacher: TeacherOptimizer) -> [Double] {
        var stream = RandomStream(RandomKey(seed: 8))
        return (0..<teacher.metaParameters.elementCount).map { _ in stream.normal() }
    }

    /// d exp(4 tanh(e / 4)) of a linear teacher, from what it sees.
    private func answer(_ seen: [Double], _ weights: [Double]) -> Double {
        let count = seen.count
        let scaled = seen.indices.map { seen[$0] * weights[count + $0] + weights[$0] }
        func output(_ column: Int) -> Double {
            scaled.indices.reduce(weights[4 * count + column]) {
                $0 + scaled[$1] * weights[2 * count + 2 * $1 + column]
            }
        }
        return output(0) * exp(4 * tanh(output(1) / 4))
    }

    @Test(arguments: TeacherOptimizer.Output.allCases) func aLinearTeacher(_ output: TeacherOptimizer.Output) {
        let teacher = TeacherOptimizer(localInputs: Self.inputs, hidden: [], output: output, outputScale: 0.1)
        #expect(teacher.metaParameters.map(\.shape) == [[3], [3], [3, 2], [2]])
        let weights = weights(of: teacher)
        let expected = Self.values.enumerated().map { index, value in
            let change = 0.1 * answer([Self.told[0][0][index], Self.told[0][1][index], value], weights)
            return switch output {
            case .value: change
            case .delta: value + change
            case .relativeDelta: value + change * (abs(value) + 0.01)
            }
        }
        let found = step(teacher, weights, told: Self.told[0]).values
        #expect(largestError(found, expected) < 1e-12)
        // Imitation turns it round.
        for (value, changed) in zip(Self.values, expected) {
            let told = 0.1 * teacher.answer(turning: value, into: changed)
            let again =
                switch output {
                case .value: told
                case .delta: value + told
                case .relativeDelta: value + told * (abs(value) + 0.01)
                }
            #expect(abs(again - changed) < 1e-12)
        }
    }

    /// However large its second output, it changes a weight by no more than e⁴ times its first, and no less than by e⁻⁴.
    @Test func sizesAreBounded() {
        let teacher = TeacherOptimizer(localInputs: Self.inputs, hidden: [], outputScale: 1)
        for (bias, factor) in [(1e6, Foundation.exp(4.0)), (0, 1), (-1e6, Foundation.exp(-4.0))] {
            let weights = [0, 0, 0, 1, 1, 1] + [0, 0, 0, 0, 0, 0] + [2, bias]
            let found = step(teacher, weights, values: [0, 0, 0], told: Self.told[0]).values
            #expect(largestError(found, [2 * factor, 2 * factor, 2 * factor]) < 1e-9)
        }
    }

    /// Averages of what it sees, corrected for their start at 0; of gradients as they are, which it reads by logarithm
    /// and sign only then.
    @Test func history() {
        let teacher = TeacherOptimizer(localInputs: Self.inputs, looksAtGradient: true, history: [0.9], hidden: [])
        #expect(teacher.stateFeatures == [4])
        #expect(teacher.metaParameters.map(\.shape) == [[10], [10], [10, 2], [2]])
        let weights = weights(of: teacher)
        func readable(_ seen: [Double]) -> [Double] {
            seen.dropLast()
                + [max(log(abs(seen[3]) + Double(Float.ulpOfOne)) / 10, -1), min(max(exp(10) * seen[3], -1), 1)]
        }
        let gradients = [Self.gradients, [-0.3, 1e-3, 0.0]]
        var (values, averages) = (Self.values, [[Double]](repeating: [0, 0, 0, 0], count: 3))
        var found: (values: [Double], state: [[Double]]?) = (Self.values, nil)
        for number in 1...2 {
            let told = Self.told[number - 1]
            found = step(
                teacher, weights, values: found.values, gradients: gradients[number - 1], told: told,
                state: found.state,
                number: number)
            for index in 0..<3 {
                let seen = [told[0][index], told[1][index], values[index], gradients[number - 1][index]]
                averages[index] = zip(averages[index], seen).map { 0.9 * $0 + 0.1 * $1 }
                let corrected = averages[index].map { $0 / (1 - pow(0.9, Double(number))) }
                values[index] += 0.01 * answer(readable(seen) + readable(corrected), weights)
            }
            #expect(largestError(found.values, values) < 1e-9)
        }
    }

    /// By hand: with a size of 1, a linear teacher answers to the mean of two examples what it answers to each in the
    /// mean.
    @Test func examplesOfALinearTeacher() {
        let teacher = TeacherOptimizer(localInputs: Self.inputs, looksAtExamples: true, hidden: [], outputScale: 0.1)
        var weights = [0, 0, 0, 1, 1, 1] + [3, 0, -2, 0, 0.5, 0] + [0.25, 0]
        let told = Self.told.flatMap(\.self)
        let means = (0..<2).map { row in (0..<3).map { (Self.told[0][row][$0] + Self.told[1][row][$0]) / 2 } }
        let expected = (0..<3).map { index in
            let value = Self.values[index]
            return value + 0.1 * (3 * means[0][index] - 2 * means[1][index] + 0.5 * value + 0.25)
        }
        #expect(largestError(step(teacher, weights, told: told).values, expected) < 1e-12)
        // With sizes of their own, examples count for themselves.
        weights[7] = 1.5
        let sized = (0..<3).map { index in
            let value = Self.values[index]
            let answers = Self.told.map { answer([$0[0][index], $0[1][index], value], weights) }
            return value + 0.1 * (answers[0] + answers[1]) / 2
        }
        #expect(largestError(step(teacher, weights, told: told).values, sized) < 1e-12)
        #expect(largestError(sized, expected) > 0.01)
    }

    /// With hidden layers and a memory too, it changes a weight by the mean of what it would do for each example alone,
    /// and remembers the mean of what it would remember.
    @Test func examplesAreAveragedBehindTheNetwork() {
        func teacher(_ looksAtExamples: Bool) -> TeacherOptimizer {
            TeacherOptimizer(
                localInputs: Self.inputs, looksAtExamples: looksAtExamples, looksAtGradient: true, recurrentUnits: 2,
                hidden: [3, 3], outputScale: 0.1)
        }
        let weights = weights(of: teacher(true))
        #expect(teacher(true).stateFeatures == [2, 2])
        var stream = RandomStream(RandomKey(seed: 9))
        let state = (0..<2).map { _ in (0..<6).map { _ in stream.normal() } }
        let whole = step(teacher(true), weights, told: Self.told.flatMap(\.self), state: state)
        let each = Self.told.map { step(teacher(false), weights, told: $0, state: state) }
        func mean(_ values: [[Double]]) -> [Double] { zip(values[0], values[1]).map { ($0 + $1) / 2 } }
        #expect(largestError(whole.values, mean(each.map(\.values))) < 1e-12)
        #expect(largestError(each[0].values, each[1].values) > 1e-3)
        for tensor in 0..<2 { #expect(largestError(whole.state[tensor], mean(each.map { $0.state[tensor] })) < 1e-12) }
    }

    @Test func itBeginsWithItsInputsAsTheyAre() {
        let teacher = TeacherOptimizer(localInputs: Self.inputs, history: [0.9], recurrentUnits: 3, hidden: [4])
        var values = [Double](repeating: .nan, count: teacher.metaParameters.elementCount)
        values.withUnsafeMutableBufferPointer {
            teacher.initializeMetaParameters($0.baseAddress!, key: RandomKey(seed: 4))
        }
        #expect(values.prefix(6).allSatisfy { $0 == 0 })
        #expect(values[6..<12].allSatisfy { $0 == 1 })
        #expect(values[12...].contains { $0 != 0 } && values.allSatisfy { $0.isFinite })
    }
}
