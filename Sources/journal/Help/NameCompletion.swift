import ArgumentParser
import Foundation
import JournalStore

/// What a shell proposes while a name is typed: names that stand in the journal that the line is about, and specs.
enum NameCompletion {
    static let experiments = names(.experiments)
    static let problems = names(.problems)
    static let optimizers = names(.optimizers)
    static let metrics = names(.metrics)

    /// Columns of what the line asks for; of trials, where it asks for nothing else.
    static let columns = CompletionKind.custom { words, _, _ in
        let subject = words.lazy.compactMap(JournalQuery.Subject.init(rawValue:)).first ?? .trials
        return subject.columns
    }

    /// Bare names of the specs in `Experiments`, and the JSON files and folders of the folder that is being typed.
    static let specs = CompletionKind.custom { _, _, prefix in
        // bash puts the slash behind a folder's name itself.
        let ending = CompletionShell.requesting == .bash ? "" : "/"
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        let files = entries(of: folder.isEmpty ? "." : folder).compactMap { name -> String? in
            let path = folder + name
            if NamedFile.status(of: path)?.isFolder == true { return path + ending }
            return name.hasSuffix(".json") ? path : nil
        }
        return files + (folder.isEmpty ? SpecFile.bareNames : [])
    }

    private static func names(_ names: JournalNames) -> CompletionKind {
        .custom { words, _, _ in names.all(in: JournalLocation.path(of: journal(in: words))) }
    }

    /// What a line gives `--journal`, as far as a shell's quotes can be taken off without being that shell.
    private static func journal(in words: [String]) -> String? {
        let option = "--journal"
        let value =
            words.lazy.compactMap { $0.hasPrefix("\(option)=") ? String($0.dropFirst(option.count + 1)) : nil }.first
            ?? words.firstIndex(of: option).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        guard let value, !value.isEmpty else { return nil }
        let bare = value.filter { !"\"'\\".contains($0) }
        let home = Arguments.path(inEnvironment: "HOME") ?? "~"
        return bare.hasPrefix("~/") ? home + bare.dropFirst() : bare
    }

    private static func entries(of folder: String) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.filter { !$0.hasPrefix(".") }.sorted()
    }
}
