/// What a picture shows, whatever draws it: panels of curves.
public struct Chart: Sendable {
    /// One trial's curve.
    public struct Run: Sendable {
        public var points: [(x: Double, y: Double)]
        /// Whether it left the finite numbers, so that its last point is where it did.
        public var isDiverged: Bool

        public init(points: [(x: Double, y: Double)], isDiverged: Bool = false) {
            self.points = points
            self.isDiverged = isDiverged
        }
    }

    /// The runs of one optimizer.
    public struct Series: Sendable {
        public var name: String
        public var runs: [Run]

        public init(name: String, runs: [Run]) {
            self.name = name
            self.runs = runs
        }
    }

    /// Curves over one pair of axes.
    public struct Panel: Sendable {
        public var title: String
        public var horizontal: String
        public var series: [Series]
        /// What theory says, or what is sought: curves that no trial drew.
        public var references: [Series]
        /// What the vertical axis shows in any case, and at most; nil for all that is drawn.
        public var extent: ClosedRange<Double>?
        /// Whether it is of note where a run ends.
        public var showsEnds: Bool

        public init(
            title: String, horizontal: String = "step", showsEnds: Bool = true, series: [Series],
            references: [Series] = [],
            extent: ClosedRange<Double>? = nil
        ) {
            self.title = title
            self.horizontal = horizontal
            self.showsEnds = showsEnds
            self.series = series
            self.references = references
            self.extent = extent
        }
    }

    public var title: String
    public var panels: [Panel]

    public init(title: String, panels: [Panel]) {
        self.title = title
        self.panels = panels
    }
}

extension Chart.Series {
    /// The median of the runs, of which one that has ended counts with its last value; nil of a single one.
    var median: Chart.Run? {
        guard runs.count > 1, let longest = runs.max(by: { $0.points.count < $1.points.count }) else { return nil }
        let curves = runs.map { $0.points.map(\.y) }.filter { !$0.isEmpty }
        let points = longest.points.enumerated().map { index, point in
            // What is not a number is as bad as can be.
            let values = curves.map { $0[min(index, $0.count - 1)] }.map { $0.isNaN ? .infinity : $0 }.sorted()
            let middle = values.count / 2
            return (
                x: point.x,
                y: values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
            )
        }
        return Chart.Run(points: points)
    }
}

/// How something changes: one picture after the other, over the same axes.
public struct Animation: Sendable {
    public var title: String
    public var panel: Chart.Panel
    /// Of each picture, what it is called, and its series in place of the panel's.
    public var frames: [(label: String, series: [Chart.Series])]

    public init(title: String, panel: Chart.Panel, frames: [(label: String, series: [Chart.Series])]) {
        self.title = title
        self.panel = panel
        self.frames = frames
    }

    /// One of the pictures by itself.
    func chart(_ frame: Int) -> Chart {
        var panel = panel
        panel.series = frames[frame].series
        panel.title += ", \(frames[frame].label)"
        return Chart(title: title, panels: [panel])
    }
}
