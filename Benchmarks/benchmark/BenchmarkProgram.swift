import ArgumentParser

/// Measures what `journal` costs, beside other programs that do the same work.
@main
struct BenchmarkProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measures journal beside others on the same work, in turn, and prints Markdown tables.",
        subcommands: [
            CompareCommand.self, RecordingCommand.self, MeasureCommand.self, RecordPointsCommand.self,
            ShardsCommand.self,
        ],
        defaultSubcommand: CompareCommand.self)
}
