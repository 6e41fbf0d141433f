import TensorEngine

/// One optimizer looks on while another, its guide, shows what it would do with each coordinate.
///
/// The last of its state are what the learner sees and the guide's new value. The coordinate follows the guide, or the
/// learner: then the guide shows what to do where the learner leads (Ross et al. 2011, DAgger).
public struct Demonstration: CoordinatewiseOptimizer {
    private let learner: any ImitatingOptimizer
    private let guide: any CoordinatewiseOptimizer
    private let followsLearner: Bool

    public init(by guide: any CoordinatewiseOptimizer, to learner: any ImitatingOptimizer, followsLearner: Bool) {
        self.guide = guide
        self.learner = learner
        self.followsLearner = followsLearner
    }

    public var metaParameters: [Parameter] { learner.metaParameters }

    /// What either looks at, each once.
    public var localInputs: [LocalInput] {
        let seen = learner.localInputs
        return seen + guide.localInputs.filter { !seen.contains($0) }
    }

    public var stateFeatures: [Int] { learner.stateFeatures + guide.stateFeatures + [learner.observedRows, 1] }

    public func scheduleValues(step: Int) -> [Double] {
        learner.scheduleValues(step: step) + guide.scheduleValues(step: step)
    }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        var (own, others) = (coordinates, coordinates)
        own.local = local(of: learner, coordinates)
        own.state = Array(coordinates.state.prefix(learner.stateFeatures.count))
        own.schedule = Array(coordinates.schedule.prefix(learner.scheduleCount))
        others.local = local(of: guide, coordinates)
        others.state = Array(coordinates.state.dropFirst(learner.stateFeatures.count).prefix(guide.stateFeatures.count))
        others.schedule = Array(coordinates.schedule.dropFirst(learner.scheduleCount))
        let observed = learner.observe(own)
        let shown = guide.update(others, metaParameters: [])
        let state = observed.state + shown.state + [observed.inputs, shown.parameter]
        guard followsLearner else { return .init(parameter: shown.parameter, state: state) }
        return .init(parameter: learner.update(own, metaParameters: metaParameters).parameter, state: state)
    }

    /// The rows of what one of them looks at.
    private func local(of optimizer: any CoordinatewiseOptimizer, _ coordinates: Coordinates) -> Tensor? {
        guard let local = coordinates.local, !optimizer.localInputs.isEmpty else { return nil }
        var start = 0
        let places = localInputs.map { input in
            defer { start += input.rows }
            return (input, start..<start + input.rows)
        }
        return Tensor.concatenating(
            optimizer.localInputs.compactMap { input in
                places.first { $0.0 == input }.map { local.sliced($0.1) }
            })
    }
}
