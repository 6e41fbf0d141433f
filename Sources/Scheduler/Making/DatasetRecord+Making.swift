import Datasets
import JournalStore

extension DatasetRecord {
    init(_ dataset: Dataset) {
        self.init(
            name: dataset.name, origin: dataset.origin.description, checksum: dataset.checksum, note: dataset.note)
    }

    /// Several datasets told as one, each once; nil where there are none.
    init?(_ datasets: [DatasetRecord]) {
        let records = datasets.reduce(into: [DatasetRecord]()) { records, record in
            if !records.contains(record) { records.append(record) }
        }
        guard !records.isEmpty else { return nil }
        let notes = records.compactMap { record in
            record.note.map { records.count > 1 ? "\(record.name): \($0)" : $0 }
        }
        self.init(
            name: records.map(\.name).joined(separator: " + "), origin: records.map(\.origin).joined(separator: "; "),
            checksum: records.map(\.checksum).joined(separator: " + "),
            note: notes.isEmpty ? nil : notes.joined(separator: "; "))
    }
}
