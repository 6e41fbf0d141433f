import Analysis
import ArgumentParser
import Foundation
import JournalStore
import Nouns
import Report
import Scheduler
import Wording

struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draws what experiments came to.",
        discussion: """
            In the terminal, or in a file. Curves come with the mean of their runs, its 95% interval, the single runs \
            beneath, a cross where one diverged, and what theory says where that is known:

              journal plot l2l-mnist --metric loss
              journal plot l2l-mnist --metric loss --log --smooth 20 --to loss.svg
              journal plot l2l-mnist l2l-mnist-200 --metric loss --to both.pdf

            Results in other ways:

              journal plot l2l-mnist --kind steps-to-target --target 0.5
              journal plot l2l-mnist --kind profile
              journal plot l2l-mnist --kind histogram --metric accuracy
              journal plot l2l-mnist --kind differences --against adam
              journal plot random-students --kind architectures --by depth
              journal plot l2l-mnist --kind sweep --to settings.html

            Where trials kept snapshots, what they show, and how a learned function changes:

              journal plot self-tuning-square --kind trajectories
              journal plot self-tuning-square --animate function.gif

            PNG and PDF take the program of librsvg, a GIF that of ImageMagick too. docs/plots.md shows each kind.
            """)

    @Argument(
        help: "NAME for the newest version of an experiment, NAME@HASH for an older one; or several.",
        completion: NameCompletion.experiments)
    var experiments: [String]

    @OptionGroup var journal: JournalLocation

    @Option(help: ArgumentHelp("What to draw.", valueName: "kind"))
    var kind = PlotKind.curves

    @Option(
        help: ArgumentHelp(
            "A curve or a result to draw; curves may be several. Without this option: all curves, or the result by which "
                + "the trials are ranked.", valueName: "name"), completion: NameCompletion.metrics)
    var metric: [String] = []

    @Option(
        help: ArgumentHelp("The one problem to draw. Without this option: all.", valueName: "name"),
        completion: NameCompletion.problems)
    var problem: String?

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp(
            "The file to write: .svg, .png, .pdf, .html, or .gif of a learned function. Without this option: the "
                + "terminal.", valueName: "file"),
        completion: .file(extensions: ["svg", "png", "pdf", "html", "gif"]))
    var file: String?

    @Option(
        help: ArgumentHelp(
            "Writes instead how the learned function changes, to a .svg or a .gif file.", valueName: "file"),
        completion: .file(extensions: ["svg", "gif"]))
    var animate: String?

    @Flag(name: .customLong("log"), help: "A logarithmic axis of values.")
    var isLogarithmic = false

    @Flag(name: .customLong("linear"), help: "A linear axis of values. Without both: what suits the values.")
    var isLinear = false

    @Option(help: ArgumentHelp("Averages curves over so many points.", valueName: "points"))
    var smooth = 1

    @Option(
        help: ArgumentHelp("What is sought: the value that steps-to-target takes, and curves show.", valueName: "value")
    )
    var target: Double?

    @Option(
        help: ArgumentHelp("The optimizer from which differences are taken.", valueName: "optimizer"),
        completion: NameCompletion.optimizers)
    var against: String?

    @Option(help: ArgumentHelp("The size of students: depth or weights.", valueName: "property"))
    var by = ArchitectureProperty.weights

    @Option(help: "Colours of a file: light or dark. HTML has both.")
    var theme = Theme.light

    @Flag(help: "Draws in the terminal with ASCII alone.")
    var ascii = false

    func validate() throws {
        if experiments.isEmpty { throw ValidationError("Name an experiment to draw.") }
        if animate != nil, file != nil || !metric.isEmpty || kind != .curves {
            throw ValidationError("--animate draws the learned function: leave out --to, --metric and --kind.")
        }
        if let file, PictureFormat(path: file) == nil {
            throw ValidationError("--to writes what the file's name ends in: .svg, .png, .pdf, .html or .gif.")
        }
        if let file, PictureFormat(path: file) == .gif, kind != .trajectories && kind != .curves || !metric.isEmpty {
            throw ValidationError("A GIF shows how a learned function changes: leave out --kind and --metric.")
        }
        if let animate, ![.svg, .gif].contains(PictureFormat(path: animate)) {
            throw ValidationError("--animate writes SVG or GIF: give the file a name that ends in .svg or .gif.")
        }
        if isLogarithmic, isLinear { throw ValidationError("--log and --linear are two axes: give one of them.") }
        if smooth < 1 { throw ValidationError("--smooth takes a number of points, 1 or more.") }
        if let target, !target.isFinite { throw ValidationError("--target takes a finite number.") }
        if metric.count > 1, kind != .curves { throw ValidationError("--kind \(kind.rawValue) takes one --metric.") }
        if target != nil, ![.curves, .stepsToTarget].contains(kind) {
            throw ValidationError("--target is for --kind curves and --kind steps-to-target.")
        }
        if against != nil, kind != .differences { throw ValidationError("--against is for --kind differences.") }
        if smooth > 1, ![.curves, .stepsToTarget].contains(kind) {
            throw ValidationError("--smooth is for --kind curves and --kind steps-to-target.")
        }
    }

    func run() throws {
        let journal = try journal.reading()
        for experiment in experiments {
            if let notice = try VersionNotice(experiment: experiment, in: journal) {
                StandardError.write("\(notice)\n")
            }
        }
        let plot = try ExperimentPlot(experiments, in: journal, kinds: RecordedKinds.summaries(), problem: problem)
        if let animate = animate ?? file.flatMap({ PictureFormat(path: $0) == .gif ? $0 : nil }) {
            return try draw(plot, animatedIn: animate)
        }
        let chart = try plot.chart(kind, options)
        guard let file, let format = PictureFormat(path: file) else {
            var terminal = Terminal.standardOutput
            if ascii { terminal.usesUnicode = false }
            return try StandardOutput.write(chart.lines(for: terminal).joined(separator: "\n") + "\n")
        }
        try write(try data(of: chart, as: format), to: file)
        StandardError.write("Drew \(counted(chart.panels.count, "panel")) in \(file).\n")
    }

    private var options: PlotOptions {
        var options = PlotOptions()
        options.metrics = metric.map { Metric($0) }
        options.scale = isLogarithmic ? .logarithmic : isLinear ? .linear : .automatic
        options.smoothing = smooth
        options.target = target
        options.against = against
        options.property = by
        return options
    }

    private func data(of chart: Chart, as format: PictureFormat) throws -> Data {
        switch format {
        case .html: Data(HTMLPage(chart).text.utf8)
        case .png, .pdf: try Self.painted { try PictureFile.data(of: chart.svg(theme: theme), as: format) }
        case .svg, .gif: Data(chart.svg(theme: theme).utf8)
        }
    }

    private func draw(_ plot: ExperimentPlot, animatedIn path: String) throws {
        guard let animation = try plot.animation() else {
            throw Failure(
                exitCode: EX_NOINPUT,
                "no trial of \(plot.title) kept pictures of a function; those of selfTuning do, with \"snapshotEvery\"")
        }
        let drawing = SVGAnimation(animation, theme: theme)
        let isGIF = PictureFormat(path: path) == .gif
        try write(isGIF ? try Self.painted { try GIFFile.data(of: drawing.stills) } : Data(drawing.text.utf8), to: path)
        StandardError.write("Drew \(counted(animation.frames.count, "picture")) in \(path).\n")
    }

    private static func painted(_ paint: () throws -> Data) throws -> Data {
        do { return try paint() } catch let fault as PictureFault {
            throw Failure(exitCode: EX_UNAVAILABLE, fault.description)
        }
    }

    /// In place of an earlier picture, and of nothing else.
    private func write(_ data: Data, to path: String) throws {
        try FileReplacement(path: path, refusal: "no picture; give it another name")
            .write(data, mayReplace: PictureFormat.isPicture)
    }
}

extension PlotKind: ExpressibleByArgument {}

extension ArchitectureProperty: ExpressibleByArgument {}

extension Theme: ExpressibleByArgument {
    public init?(argument: String) {
        guard let theme = Theme(rawValue: argument), theme != .page else { return nil }
        self = theme
    }

    public static var allValueStrings: [String] { [light, dark].map(\.rawValue) }
}
