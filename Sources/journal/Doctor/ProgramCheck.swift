import Foundation
import JournalStore
import Report
import TensorKernels

/// The program itself, and what it was built with.
enum ProgramCheck {
    static var items: [Checklist.Item] { [version, place, kernels, sqlite].compactMap { $0 } }

    private static let section = "Program"

    private static var version: Checklist.Item {
        let text = "\(ProgramVersion.current), build \(ProgramVersion.build)"
        #if DEBUG
            let advice: String? = "Slow, for work on the program itself. For experiments: Scripts/install"
        #else
            let advice: String? = nil
        #endif
        return Checklist.Item(section: section, name: "journal", .ok, text, advice: advice)
    }

    /// What a shell finds by the program's name.
    private static var place: Checklist.Item {
        let own = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0]).resolvingSymlinksInPath()
        guard let found = SearchPath.program("journal") else {
            return Checklist.Item(
                section: section, name: "in the PATH", .missing, "no; this one is \(own.path)",
                advice: "To call it from anywhere: Scripts/install, which says what the PATH lacks.")
        }
        if URL(fileURLWithPath: found).resolvingSymlinksInPath().path == own.path {
            return Checklist.Item(section: section, name: "in the PATH", .ok, found)
        }
        return Checklist.Item(
            section: section, name: "in the PATH", .missing, "there it is \(found), and this one is \(own.path)",
            advice: "Which version that is: \(found) --version. To put this one there: Scripts/install")
    }

    private static var kernels: Checklist.Item {
        let runnable = InstructionSet.runnable.map(\.rawValue)
        do {
            let chosen = try KernelChoice.check().rawValue
            let others = runnable.filter { $0 != chosen }
            let text =
                others.isEmpty ? chosen : "\(chosen); this machine can also run \(others.joined(separator: ", "))"
            let advice =
                chosen == runnable[0] ? nil : "Faster here: \(runnable[0]), without \(KernelChoice.variable)=\(chosen)."
            return Checklist.Item(section: section, name: "kernels", .ok, text, advice: advice)
        } catch {
            return Checklist.Item(
                section: section, name: "kernels", .broken, error.description,
                advice: "unset \(KernelChoice.variable)")
        }
    }

    private static var sqlite: Checklist.Item? {
        JournalGlance.sqliteVersion.map { Checklist.Item(section: section, name: "SQLite", .ok, $0) }
    }
}

/// Programs that a shell would find.
enum SearchPath {
    /// The path of a program; nil where there is none.
    static func program(_ name: String) -> String? {
        let folders = (Arguments.path(inEnvironment: "PATH") ?? "").split(separator: ":")
        return folders.lazy.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
