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
        abstract: "Draws the curves of an experiment.",
        discussion: """
            Every curve of an experiment has a panel: thin single runs, their median where there are several (one that has \
            ended counts with its last value), a cross where one diverged, and what theory says where that is known.

              journal plot self-tuning-square --to trajectories.svg
              journal plot self-tuning-square --metric distance --metric inputRange --to two.svg

            Where trials kept pictures of the function that they learn, that function as it changes:

              journal plot self-tuning-square --animate function.svg
              journal plot self-tuning-square --animate function.gif

            A GIF takes the programs of librsvg and ImageMagick.
            """)

    @Argument(help: "NAME for the newest version of an experiment, NAME@HASH for an older one.")
    var experiment: String

    @OptionGroup var journal: JournalLocation

    @Option(
        help: ArgumentHelp("A curve to draw; may be given several times. Without this option: all.", valueName: "name"))
    var metric: [String] = []

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The .svg file to write. Without this option: EXPERIMENT.svg.", valueName: "file"))
    var file: String?

    @Option(
        help: ArgumentHelp(
            "Writes instead how the learned function changes, to a .svg or a .gif file.", valueName: "file"))
    var animate: String?

    @Option(help: "Colours: light or dark.")
    var theme = Theme.light

    func validate() throws {
        if animate != nil, file != nil || !metric.isEmpty {
            throw ValidationError("--animate draws the learned function: leave out --to and --metric.")
        }
        if let file, !Self.isSVG(file) {
            throw ValidationError("--to writes SVG: give the file a name that ends in .svg.")
        }
        if let animate, !Self.isSVG(animate), !Self.isGIF(animate) {
            throw ValidationError("--animate writes SVG or GIF: give the file a name that ends in .svg or .gif.")
        }
    }

    func run() throws {
        let journal = try journal.reading()
        if let notice = try VersionNotice(experiment: experiment, in: journal) { StandardError.write("\(notice)\n") }
        let plot = try ExperimentPlot(experiment, in: journal)
        if let animate { return try draw(plot, animatedIn: animate) }
        let chart = try plot.chart(metric.map { Metric($0) })
        let path = file ?? "\(chart.title.replacingOccurrences(of: "/", with: "-")).svg"
        try write(Data(SVGChart(chart, theme: theme).text.utf8), to: path)
        StandardError.write("Drew \(counted(chart.panels.count, "panel")) in \(path).\n")
    }

    private func draw(_ plot: ExperimentPlot, animatedIn path: String) throws {
        guard let animation = try plot.animation() else {
            throw Failure(
                exitCode: EX_NOINPUT,
                "no trial of \(experiment) kept pictures of a function; those of selfTuning do, with \"snapshotEvery\"")
        }
        let drawing = SVGAnimation(animation, theme: theme)
        do {
            try write(Self.isGIF(path) ? try GIFFile.data(of: drawing.stills) : Data(drawing.text.utf8), to: path)
        } catch let fault as GIFFile.Fault {
            throw Failure(exitCode: EX_UNAVAILABLE, fault.description)
        }
        StandardError.write("Drew \(counted(animation.frames.count, "picture")) in \(path).\n")
    }

    /// In place of an earlier picture, and of nothing else.
    private func write(_ data: Data, to path: String) throws {
        let replacement = FileReplacement(path: path, refusal: "no picture; give it another name")
        try replacement.write(data) { old in
            old.starts(with: Data("<svg ".utf8)) || old.starts(with: Data("GIF8".utf8))
        }
    }

    private static func isSVG(_ path: String) -> Bool { path.lowercased().hasSuffix(".svg") }
    private static func isGIF(_ path: String) -> Bool { path.lowercased().hasSuffix(".gif") }
}

extension Theme: ExpressibleByArgument {}
