import ArgumentParser
import Foundation
import Interchange
import JournalStore
import Nouns
import Wording

struct TensorBoardExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensorboard",
        abstract: "Writes curves as event files, which TensorBoard shows.",
        discussion: """
            Every trial becomes a run: a folder NAME@HASH/KIND-OPTIMIZER-PROBLEM-SEED below the given one, with an event \
            file in it, in place of one that was exported before.

              journal export tensorboard l2l-mnist --to runs
              tensorboard --logdir runs
            """)

    @Argument(
        help: ArgumentHelp(
            "Experiments: NAME for the newest version, NAME@HASH for an older one. Without any: all there is.",
            valueName: "experiment"), completion: NameCompletion.experiments)
    var experiments: [String] = []

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The folder to write to; made where there is none.", valueName: "folder"),
        completion: .directory)
    var folder: String

    @OptionGroup var journal: JournalLocation

    func validate() throws {
        if folder.isEmpty { throw ValidationError("--to needs the name of a folder.") }
    }

    func run() throws {
        let journal = try journal.reading()
        let versions = try experiments.isEmpty ? journal.experiments() : experiments.map(journal.experiment(named:))
        var runs = 0
        for version in versions {
            var names: Set<String> = []
            for trial in try journal.trials(of: version.id) {
                let metrics = try journal.metrics(of: trial.id)
                guard !metrics.isEmpty else { continue }
                var name = safeName("\(trial.kind)-\(trial.optimizerName)-\(trial.problem)-\(trial.seed)")
                if !names.insert(name).inserted { name += "-\(trial.identity.prefix(8))" }
                let run = "\(folder)/\(safeName(version.name))@\(version.hash.prefix(12))/\(name)"
                try write(metrics, of: trial, to: run, journal)
                runs += 1
            }
        }
        guard runs > 0 else { throw JournalError(.missing, "no trial has recorded a curve yet") }
        StandardError.write("Wrote \(counted(runs, "run")) to \(folder): tensorboard --logdir \(folder)\n")
    }

    private func write(_ metrics: [Metric], of trial: TrialRecord, to run: String, _ journal: Journal) throws {
        try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
        let file = FileReplacement(path: "\(run)/\(EventFile.name)", refusal: "no event file")
        try file.stream(mayReplace: { _ in true }, outlastsPowerLoss: false) { descriptor in
            let output = FileOutput(descriptor, path: file.path)
            var events = EventFile(trial)
            for metric in metrics {
                let (steps, values) = try journal.points(trial: trial.id, metric: metric)
                events.add(metric, steps: steps, values: values)
                try output.write { $0 += events.take() }
            }
            try output.flush()
        }
    }
}
