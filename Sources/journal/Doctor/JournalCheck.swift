import JournalStore
import Report
import Wording

/// The journal that commands would read and runs would write.
struct JournalCheck {
    let path: String

    var items: [Checklist.Item] {
        fileItems + (Journal.warning(of: path).map { [item(.missing, name: "log", $0)] } ?? [])
    }

    private var fileItems: [Checklist.Item] {
        if NamedFile.status(of: path) == nil {
            if let obstacle = JournalGlance.obstacle(toMaking: path) {
                return [item(.broken, obstacle.message, advice: Self.otherPlace)]
            }
            return [item(.missing, "there is no \(path) yet", advice: "The first run makes it: journal run SPEC")]
        }
        do {
            let glance = try JournalGlance(path, programVersion: ProgramVersion.current)
            let contents = "\(path), \(counted(glance.experiments, "experiment")), \(ByteCount(glance.bytes))"
            return [item(.ok, contents), format(glance), writing(glance)].compactMap { $0 }
        } catch {
            let message = (error as? JournalError)?.message ?? "\(error)"
            return [item(.broken, message, advice: "Give --journal, or $JOURNAL, the name of another file.")]
        }
    }

    private func item(_ state: Checklist.State, name: String = "file", _ text: String, advice: String? = nil)
        -> Checklist.Item
    {
        Checklist.Item(section: "Journal", name: name, state, text, advice: advice)
    }

    private func format(_ glance: JournalGlance) -> Checklist.Item {
        glance.isCurrent
            ? item(.ok, name: "format", "\(glance.format), this program's")
            : item(
                .ok, name: "format", "\(glance.format), an older one",
                advice:
                    "It can be read as it is. The next run brings it up to this program's; older ones then refuse it.")
    }

    private func writing(_ glance: JournalGlance) -> Checklist.Item {
        guard !glance.isWritable else { return item(.ok, name: "recording", "the file and its folder can be written") }
        let obstacle = JournalGlance.obstacle(toMaking: path)
        return item(
            .missing, name: "recording", obstacle?.message ?? "\(path) cannot be written",
            advice: "It can be read as it is. \(Self.otherPlace)")
    }

    private static let otherPlace = "Give --journal, or $JOURNAL, a file in a folder of yours."
}
