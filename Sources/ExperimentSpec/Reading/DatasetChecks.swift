import Nouns

extension CrossChecks {
    /// A list of datasets to draw from has each once: twice would draw it twice as often.
    mutating func checkDatasets() {
        let base = filled["problem"]
        let path = JSONPath.root.appending("problem")
        check(datasetsOf: base, at: path)
        for (index, problem) in (filled["evaluation"]?["problems"]?.array ?? []).enumerated() {
            let path = Self.problems.appending(index)
            // What it has of the base is reported there.
            if ["dataset", "problems"].contains(where: { problem[$0] != base?[$0] }) {
                check(datasetsOf: problem, at: path)
            }
        }
    }

    private mutating func check(datasetsOf problem: JSONValue?, at path: JSONPath) {
        for (index, part) in (problem?["problems"]?.array ?? []).enumerated() {
            check(datasetsOf: part, at: path.appending("problems").appending(index))
        }
        // Another fallback doesn't make it another dataset.
        let datasets = (problem?["dataset"]?.array ?? []).map { dataset in
            dataset.object?.filter { $0.key != "fallback" }
        }
        let list = path.appending("dataset")
        for (index, dataset) in datasets.enumerated() {
            guard let dataset, let first = datasets[..<index].firstIndex(of: dataset), isRight(list.appending(index))
            else { continue }
            checker.report(
                list.appending(index), found: "the same dataset as \(list.appending(first))",
                allowed: "datasets that differ in \"name\" or in \"classes\"")
        }
    }
}
