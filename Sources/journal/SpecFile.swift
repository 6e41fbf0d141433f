import Foundation

/// A spec's file, found by what a person calls it.
struct SpecFile {
    /// The path under which it was found.
    let path: String
    let bytes: [UInt8]

    private static let folder = "Experiments"

    /// Finds and reads the file: by its exact path; else by the path in another case; else by its bare name in
    /// `Experiments`, or here.
    ///
    /// - Throws: ``Failure`` where there is none, or it cannot be read.
    init(named name: String) throws {
        guard let path = Self.candidates(for: name).lazy.compactMap(Self.find).first else {
            throw Failure(exitCode: EX_NOINPUT, "there is no spec \(name)" + Self.whatThereIs())
        }
        self.path = path
        bytes = try Array(NamedFile.read(path))
    }

    private static func candidates(for name: String) -> [String] {
        name.contains("/") ? [name] : [name, "\(folder)/\(name)", "\(folder)/\(name).json", "\(name).json"]
    }

    /// The file at a path, spelled as it is on disk; nil where there is none.
    private static func find(_ path: String) -> String? {
        if NamedFile.exists(path) { return path }
        var found = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            guard let name = entry(String(component), in: found.isEmpty ? "." : found) else { return nil }
            found += (found.isEmpty || found.hasSuffix("/") ? "" : "/") + name
        }
        return NamedFile.exists(found) ? found : nil
    }

    /// The name as the folder spells it: the exact one if it is there.
    private static func entry(_ name: String, in folder: String) -> String? {
        if NamedFile.status(of: "\(folder)/\(name)") != nil { return name }
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.sorted().first { $0.lowercased() == name.lowercased() }
    }

    /// The names by which the specs in `Experiments` are called.
    static var bareNames: [String] {
        let entries = entry(folder, in: ".").flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0) } ?? []
        return entries.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    private static func whatThereIs() -> String {
        let specs = bareNames
        return specs.isEmpty
            ? "; name a JSON file by its path, or write a first one with journal init first.json"
            : "; \(folder) has \(specs.joined(separator: ", "))"
    }
}
