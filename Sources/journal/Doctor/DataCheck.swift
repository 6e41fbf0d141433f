import Datasets
import Report

/// The data sets that specs may name: read from where they lie, and none fetched.
struct DataCheck {
    let library: DatasetLibrary

    var items: [Checklist.Item] {
        [
            Checklist.Item(
                section: Self.section, name: "folders", .ok,
                library.folders.map(\.path).joined(separator: ", then "))
        ] + library.sources.map(item)
    }

    private static let section = "Data"

    private func item(_ source: any DatasetSource) -> Checklist.Item {
        func item(_ state: Checklist.State, _ text: String, advice: String? = nil) -> Checklist.Item {
            Checklist.Item(section: Self.section, name: source.name, state, text, advice: advice)
        }
        if source.isGenerated { return item(.ok, "drawn by the program itself") }
        do {
            let dataset = try library.look(for: source)
            let text = [dataset.origin.description, dataset.note].compactMap { $0 }.joined(separator: "; ")
            return item(.ok, text)
        } catch let error as DatasetError where error.kind == .unavailable {
            let first = source.isFetched ? "A run that needs it fetches it. Or put" : "Put"
            return item(.missing, error.problem, advice: "\(first) \(error.wanted).")
        } catch {
            return item(.broken, "\(error)")
        }
    }
}
