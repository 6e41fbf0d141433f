import Foundation
import Testing

@testable import Optimizers

@Suite("Learning rates follow their schedules")
struct LearningRateTests {
    private func rates(_ shape: LearningRateSchedule.Shape, warmup: Int = 0) -> [Double] {
        let rate = LearningRate(2, schedule: LearningRateSchedule(shape, warmup: warmup), steps: 100)
        return (1...100).map(rate.value)
    }

    @Test func fallingOnes() {
        for (step, rate) in rates(.cosine).enumerated() {
            #expect(abs(rate - (1 + cos(Double.pi * Double(step) / 100))) < 1e-15)
        }
        for (step, rate) in rates(.exponential(to: 0.01)).enumerated() {
            #expect(abs(rate - 2 * pow(100, -Double(step) / 100)) < 1e-13)
        }
        for last in [1e-12, 0.5, 1] {
            for (step, rate) in rates(.exponential(to: last)).enumerated() {
                #expect(abs(rate / (2 * pow(last, Double(step) / 100)) - 1) < 1e-12)
            }
        }
        for (step, rate) in rates(.linear).enumerated() { #expect(abs(rate - 2 * Double(100 - step) / 100) < 1e-15) }
        #expect(rates(.constant) == Array(repeating: 2, count: 100))
    }

    @Test func stableOnesFallAtTheEnd() {
        let rates = rates(.stableDecay(share: 0.3))
        #expect(rates.prefix(71).allSatisfy { $0 == 2 })
        for step in 70..<100 { #expect(abs(rates[step] - 2 * Double(100 - step) / 30) < 1e-14) }
    }

    @Test func stepsAreTakenAfterTheirPlaces() {
        let rates = rates(.stepAfter([60, 80], factor: 0.5))
        #expect(rates[59] == 2 && rates[60] == 1 && rates[79] == 1 && rates[80] == 0.5)
        let shares = self.rates(.step(at: [0.6, 0.76, 0.88], factor: 0.1))
        #expect(shares[59] == 2 && shares[60] == 0.2 && abs(shares[99] - 0.002) < 1e-18)
    }

    @Test func warmupRisesToTheRateAndTheRestIsLeftToTheShape() {
        let rates = rates(.linear, warmup: 20)
        #expect(rates[0] == 0.1 && rates[9] == 1 && rates[19] == 2 && rates[20] == 2)
        #expect(abs(rates[99] - 2 / 80.0) < 1e-15)
    }

    /// What meta-training fell by before there were schedules, to the bit.
    @Test func theOldExponentialKeepsItsBits() {
        #expect(Elementary.logarithm(100) == 4.605170185988092)
        #expect(1 / 0.01 == 100 && 1 / 0.1 == 10)
    }

    @Test func logarithmsAreExact() {
        for value in [1e-300, 1e-12, 0.1, 0.7, 1, 1.4142, 2, 3, 1e5, 1e300] {
            #expect(abs(Elementary.logarithm(value) - log(value)) <= 4e-16 * max(1, log(value).magnitude))
        }
    }
}
