import ArgumentParser
import JournalStore
import Report

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Prints past results.",
        discussion: """
            Rows are experiments, trials, their results by name, points of curves, the numbers that snapshots kept, or notes. \
            Conditions are SQL on their columns, of which json and csv show all and the table shows those that matter most:

              journal query trials --where "optimizer = 'adam'" --sort finalLoss
              journal query trials --where "depth = 10" --sort weights
              journal query points --experiment l2l-mnist --metric metaLoss
              journal query notes --where "text LIKE '%seed%'"
              journal query snapshots --experiment self-tuning-square --where "step = 200 AND tensor = 'function'"

            For the rest there is SQL, read-only, on the tables that sqlite3 shows:

              journal query --sql 'SELECT optimizer, seconds FROM trialSummary'

            The spec that gives exactly a version of an experiment, with what --set changed:

              journal query --spec l2l-mnist@0c7c3a14 > again.json
            """)

    @Argument(help: "What a row is: experiments, trials, results, points, snapshots or notes. (default: trials)")
    var subject: JournalQuery.Subject?

    @OptionGroup var journal: JournalLocation

    @Option(
        help: ArgumentHelp("An experiment: NAME is its newest version, NAME@HASH an older one.", valueName: "name"),
        completion: NameCompletion.experiments)
    var experiment: String?

    @Option(name: .customLong("where"), help: ArgumentHelp("An SQL condition on the columns.", valueName: "expr"))
    var condition: String?

    @Option(
        help: ArgumentHelp("Of points and results: the metric, such as loss.", valueName: "name"),
        completion: NameCompletion.metrics)
    var metric: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A column to sort by; with - before it, the largest first.", valueName: "key"),
        completion: NameCompletion.columns)
    var sort: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The most rows to print.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("One SQL statement that reads, in place of all the above.", valueName: "select"))
    var sql: String?

    @Option(
        help: ArgumentHelp(
            "Prints the spec of an experiment: NAME is its newest version, NAME@HASH an older one.", valueName: "name"),
        completion: NameCompletion.experiments)
    var spec: String?

    @Option(
        help: ArgumentHelp(
            "table for people; json, jsonl (an object a line) or csv for programs.",
            discussion: """
                JSON has no NaN and no infinity, as losses of diverged trials are: there they are the texts "NaN", \
                "Infinity" and "-Infinity". In CSV they are nan, inf and -inf.
                """))
    var format = ResultFormat.table

    func validate() throws {
        let hasOthers = subject != nil || [experiment, condition, metric, sort].contains { $0 != nil } || limit != nil
        if sql != nil, hasOthers {
            throw ValidationError("--sql says all by itself: leave out the other selections.")
        }
        if spec != nil, hasOthers || sql != nil {
            throw ValidationError("--spec prints a spec and no rows: leave out the selections.")
        }
    }

    func run() throws {
        let journal = try journal.reading()
        if let spec { return try StandardOutput.write(SpecText(of: journal.experiment(named: spec)).text) }
        let output = BufferedOutput()
        var writer = ResultWriter(format, for: .standardOutput, priorities: priorities, write: output.write)
        var shown: [Int] = []
        let hasReplicates = try journal.hasReplicates()
        var origins = MixedOrigins(columns: [])
        func begin(_ columns: [String]) throws {
            if sql == nil { origins = MixedOrigins(columns: columns) }
            shown = columns.indices.filter {
                sql != nil || format != .table || isShown(columns[$0])
                    || hasReplicates && JournalQuery.Subject.columnsOfSome.contains(columns[$0])
            }
            try writer.begin(columns: shown.map { columns[$0] })
        }
        func add(_ row: [QueryResult.Value]) throws {
            origins.see(row)
            try writer.add(row: shown.map { row[$0] })
        }
        if let sql {
            try journal.forEachRow(ofSQL: sql, columns: begin, row: add)
        } else {
            var query = JournalQuery(
                subject ?? .trials, experiment: experiment, condition: condition, metric: metric, sort: sort,
                limit: limit)
            query.withResults = format == .json || format == .jsonl
            try journal.forEachRow(of: query, columns: begin, row: add)
        }
        try writer.finish()
        try output.flush()
        for notice in origins.notices { StandardError.write("\(notice)\n") }
    }

    private func isShown(_ column: String) -> Bool {
        !(subject ?? .trials).detailColumns.contains(column) || isAskedFor(column)
    }

    private func isAskedFor(_ column: String) -> Bool { [sort, condition].contains { $0?.contains(column) ?? false } }

    /// What a statement of SQL selects matters in its order; else, what is asked for matters most.
    private var priorities: ColumnPriorities {
        guard sql == nil else { return ColumnPriorities() }
        let subject = subject ?? .trials
        var priorities = subject.columnPriorities
        priorities.order = subject.columns.filter(isAskedFor) + priorities.order
        return priorities
    }
}

/// Gathers small pieces of text, of which a long result has millions. The first ones are not kept waiting, and on a
/// terminal none is.
private final class BufferedOutput {
    private static let largestCapacity = 1 << 16
    private let growth = Terminal.standardOutput.isTerminal ? 1 : 2
    private var capacity = 1
    private var text = ""

    func write(_ piece: String) throws {
        text += piece
        if text.utf8.count >= capacity { try flush() }
    }

    func flush() throws {
        try StandardOutput.write(text)
        text = ""
        capacity = min(growth * capacity, Self.largestCapacity)
    }
}

extension JournalQuery.Subject: ExpressibleByArgument {}
extension ResultFormat: ExpressibleByArgument {}
