import ArgumentParser

/// Measures what `journal` costs, beside other programs that do the same work.
@main
struct BenchmarkProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measures journal beside JAX and PyTorch on the same work, in turn, and prints a Markdown table.",
        subcommands: [CompareCommand.self, MeasureCommand.self],
        defaultSubcommand: CompareCommand.self)
}
