import Foundation
import Wording

/// What the program was called with.
enum Arguments {
    /// The arguments, the program's own name left out. Bytes that are not UTF-8, as names of files may have, are kept
    /// as ``ForeignBytes``; of what is no file's name, they are Latin-1 where the locale says so.
    static var all: [String] {
        let environment = ProcessInfo.processInfo.environment
        return (1..<max(1, Int(CommandLine.argc))).compactMap { CommandLine.unsafeArgv[$0] }.map { argument in
            text(of: Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument))), environment: environment)
        }
    }

    /// The value of an environment variable that names a file; nil where it has none or an empty one.
    static func path(inEnvironment name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return ForeignBytes.text(of: Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
    }

    static func text(of bytes: [UInt8], environment: [String: String]) -> String {
        let text = ForeignBytes.text(of: bytes)
        guard ForeignBytes.isIn(text), isLatin1(environment) else { return text }
        let value = text.hasPrefix("-") ? text.firstIndex(of: "=").map { text[text.index(after: $0)...] } : text[...]
        guard let value, NamedFile.status(of: String(value)) == nil else { return text }
        return String(bytes.map { Character(Unicode.Scalar($0)) })
    }

    /// Whether the locale's characters are those of ISO 8859-1, or of its kin that differ in a few signs.
    private static func isLatin1(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let encoding = locale.lowercased().filter { $0 != "-" && $0 != "_" }
        return ["iso88591", "iso885915", "cp1252"].contains { encoding.contains($0) }
    }
}
