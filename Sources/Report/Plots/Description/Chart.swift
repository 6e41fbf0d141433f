/// What a picture shows, whatever draws it: panels of marks over axes.
///
/// A value without any drawing in it. ``svg(theme:width:)`` draws it as SVG, ``lines(for:indent:)`` in a terminal, and
/// ``tables`` says the same in numbers.
public struct Chart: Sendable {
    public var title: String
    /// What a reader must know to read it: how many runs, which interval, what was left out. Whole sentences.
    public var caption: String
    public var panels: [Panel]
    /// What thin lines are, where there are any that others sum up; only a picture has room for them.
    public var legend: String

    public init(title: String, caption: String = "", panels: [Panel], legend: String = "Thin: single runs.") {
        self.title = title
        self.caption = caption
        self.legend = legend
        self.panels = panels
    }

    /// Marks over one pair of axes.
    public struct Panel: Sendable {
        public var title: String
        public var horizontal: Axis
        public var vertical: Axis
        /// The first are drawn first, beneath the others.
        public var layers: [Layer]

        public init(title: String, horizontal: Axis, vertical: Axis = Axis(), layers: [Layer]) {
            self.title = title
            self.horizontal = horizontal
            self.vertical = vertical
            self.layers = layers
        }
    }

    /// What one series has of one kind of marks.
    public struct Layer: Sendable {
        /// What it belongs to, which has one colour in the whole chart; of a reference, its label.
        public var series: String
        public var marks: Marks
        /// What is told of the series beside its name, such as `n = 10`.
        public var note: String?
        /// The number that a legend gives with its name, where there is room.
        public var value: Double?
        /// A place on a sequence of colours, 0 for the best and 1 for the worst, in place of the series' colour.
        public var shade: Double?

        public init(
            _ series: String, _ marks: Marks, note: String? = nil, value: Double? = nil, shade: Double? = nil
        ) {
            self.series = series
            self.marks = marks
            self.note = note
            self.value = value
            self.shade = shade
        }
    }

    /// What is drawn at numbers. Where one is not finite there is a gap.
    public enum Marks: Sendable {
        case line([Point], Weight)
        case band([Interval])
        case points([Point], Symbol)
        case bars([Bar])
        case notes([Note])
    }

    public enum Weight: Sendable {
        /// A single run, beneath what sums them up.
        case thin
        case plain, bold
        /// What theory says, or what is sought: no series, and no trial drew it.
        case reference
    }

    public enum Symbol: Sendable {
        case dot, ring
        /// Where a run left the finite numbers.
        case cross
    }

    public struct Point: Sendable, Equatable {
        public var x: Double
        public var y: Double

        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }

        var isFinite: Bool { x.isFinite && y.isFinite }
    }

    public struct Interval: Sendable, Equatable {
        public var x: Double
        public var low: Double
        public var high: Double

        public init(_ x: Double, _ low: Double, _ high: Double) {
            self.x = x
            self.low = low
            self.high = high
        }
    }

    /// A bar that stands on zero.
    public struct Bar: Sendable, Equatable {
        public var range: ClosedRange<Double>
        public var height: Double

        public init(_ range: ClosedRange<Double>, _ height: Double) {
            self.range = range
            self.height = height
        }
    }

    /// A short text at a place.
    public struct Note: Sendable, Equatable {
        public var place: Point
        public var text: String

        public init(_ place: Point, _ text: String) {
            self.place = place
            self.text = text
        }
    }
}

extension Chart.Marks {
    /// Of lines and points, where they are; empty of all else.
    var points: [Chart.Point] {
        switch self {
        case .line(let points, _), .points(let points, _): points
        case .band, .bars, .notes: []
        }
    }

    /// Whether it is one of those that say all of a series at once.
    var isLine: Bool { if case .line(_, let weight) = self { weight != .reference } else { false } }
    var isSum: Bool { isLine && !isThin }
    var isThin: Bool { if case .line(_, .thin) = self { true } else { false } }
    var isReference: Bool { if case .line(_, .reference) = self { true } else { false } }
}

extension Chart {
    /// The names of all series, each once, in the order of the layers; those of references are none.
    var seriesNames: [String] {
        var seen: Set<String> = []
        return panels.flatMap(\.layers).filter { !$0.marks.isReference && !$0.series.isEmpty && $0.shade == nil }
            .map(\.series).filter { seen.insert($0).inserted }
    }
}

/// How something changes: one picture after the other, over the same axes.
public struct Animation: Sendable {
    public var title: String
    /// What all pictures have: the axes, and the references.
    public var panel: Chart.Panel
    /// Of each picture, what it is called, and its layers, which are lines, as many in each and in one order.
    public var frames: [(label: String, layers: [Chart.Layer])]

    public init(title: String, panel: Chart.Panel, frames: [(label: String, layers: [Chart.Layer])]) {
        self.title = title
        self.panel = panel
        self.frames = frames
    }

    /// One of the pictures by itself.
    func chart(_ frame: Int) -> Chart {
        var panel = panel
        panel.layers += frames[frame].layers
        panel.title += ", \(frames[frame].label)"
        return Chart(title: title, panels: [panel])
    }
}
