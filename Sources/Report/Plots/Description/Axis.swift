extension Chart {
    /// What an axis of a panel shows.
    public struct Axis: Sendable {
        public enum Scale: String, Sendable, CaseIterable {
            /// Logarithmic where no value is negative and the positive ones span a factor of ten.
            case automatic
            case linear, logarithmic
        }

        /// Its unit or what it counts; empty where the panel's title says it.
        public var title: String
        public var scale: Scale
        /// What it shows, in any case and at most; nil for all that is drawn.
        public var extent: ClosedRange<Double>?
        /// What it shows at most of values that rise; nil for all.
        public var ceiling: Double?
        /// Whether it ends where its values do, and not on round numbers.
        public var isTight: Bool
        /// Names in place of numbers: that of 0, of 1, and so on. Empty for numbers.
        public var categories: [String]
        /// Whether there are neither labels nor lines at round numbers.
        public var hidesTicks: Bool

        public init(
            _ title: String = "", scale: Scale = .automatic, extent: ClosedRange<Double>? = nil,
            ceiling: Double? = nil, isTight: Bool = false, categories: [String] = [],
            hidesTicks: Bool = false
        ) {
            self.title = title
            self.scale = scale
            self.extent = extent
            self.ceiling = ceiling
            self.isTight = isTight
            self.categories = categories
            self.hidesTicks = hidesTicks
        }

        /// The axis of steps, from the first to the last.
        public static let steps = Axis("step", scale: .linear, isTight: true)
    }
}

/// The scales of a panel's two axes.
struct PanelScales {
    let horizontal: AxisScale
    let vertical: AxisScale

    /// Nil where nothing is finite.
    init?(_ panel: Chart.Panel, also others: [Chart.Layer] = []) {
        let layers = panel.layers + others
        guard let horizontal = Self.scale(panel.horizontal, layers.flatMap(\.horizontals), []),
            let vertical = Self.scale(panel.vertical, layers.flatMap(\.verticals), layers.flatMap(\.bounds))
        else { return nil }
        self.horizontal = horizontal
        self.vertical = vertical
    }

    /// - Parameter bounds: of bands, which are shown too, but only so far beyond the values.
    private static func scale(_ axis: Chart.Axis, _ values: [Double], _ bounds: [Double]) -> AxisScale? {
        if !axis.categories.isEmpty { return AxisScale(low: -0.5, high: Double(axis.categories.count) - 0.5) }
        if let extent = axis.extent { return exact(extent.lowerBound, extent.upperBound, axis) }
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return nil }
        if axis.isTight { return exact(low, high, axis) }
        let ceiling = axis.ceiling ?? .infinity
        guard let scale = AxisScale(showing: finite, ceiling: ceiling, scale: axis.scale) else { return nil }
        let reach = bounds.filter { bound in
            bound.isFinite && bound <= ceiling && (-0.5...1.5).contains(scale.share(of: bound))
                && (!scale.isLogarithmic || bound > 0)
        }
        let shown: Chart.Axis.Scale = scale.isLogarithmic ? .logarithmic : .linear
        return reach.isEmpty ? scale : AxisScale(showing: finite + reach, ceiling: ceiling, scale: shown)
    }

    private static func exact(_ low: Double, _ high: Double, _ axis: Chart.Axis) -> AxisScale? {
        // Beyond these, differences are beyond `Double`.
        let (low, high) = (low.clamped(to: -1e300...1e300), high.clamped(to: -1e300...1e300))
        let isLogarithmic = axis.scale == .logarithmic && low > 0
        guard high - low > 1e-300 else { return AxisScale(showing: [low], scale: axis.scale) }
        return AxisScale(low: low, high: high, isLogarithmic: isLogarithmic)
    }
}

extension Chart.Layer {
    fileprivate var horizontals: [Double] {
        switch marks {
        case .line(let points, _), .points(let points, _): points.filter(\.y.isFinite).map(\.x)
        case .band(let intervals): intervals.map(\.x)
        case .bars(let bars): bars.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
        case .notes(let notes): notes.map(\.place.x)
        }
    }

    fileprivate var verticals: [Double] {
        switch marks {
        case .line(let points, _), .points(let points, _): points.filter(\.x.isFinite).map(\.y)
        case .band: []
        case .bars(let bars): [0] + bars.map(\.height)
        case .notes(let notes): notes.map(\.place.y)
        }
    }

    fileprivate var bounds: [Double] {
        if case .band(let intervals) = marks { intervals.flatMap { [$0.low, $0.high] } } else { [] }
    }
}
