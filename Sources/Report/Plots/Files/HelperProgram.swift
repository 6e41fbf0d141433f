import Foundation

/// A program of the machine, found where a shell would find it.
struct HelperProgram {
    private let name: String
    private let place: URL

    /// - Parameter word: what its `-version` has to say; nil for any program of this name.
    /// Nil where there is none.
    init?(_ name: String, saying word: String? = nil) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let places = folders.map { URL(fileURLWithPath: "\($0)/\(name)") }
        let found = places.first { place in
            guard FileManager.default.isExecutableFile(atPath: place.path) else { return false }
            guard let word else { return true }
            let (output, code) = Self.told(by: place, ["-version"], in: nil, from: \.standardOutput)
            return code == 0 && output.contains(word)
        }
        guard let found else { return nil }
        self.name = name
        place = found
    }

    /// - Throws: ``PictureFault`` where it says that it failed.
    func run(_ arguments: [String], in folder: URL, for format: PictureFormat) throws {
        let (message, code) = Self.told(by: place, arguments, in: folder, from: \.standardError)
        guard code == 0 else {
            let line = message.split(separator: "\n").first.map(String.init)
            throw PictureFault.failed(name, line ?? "it ended with code \(code)", format)
        }
    }

    private static func told(
        by place: URL, _ arguments: [String], in folder: URL?, from stream: ReferenceWritableKeyPath<Process, Any?>
    ) -> (text: String, code: Int32) {
        let process = Process()
        process.executableURL = place
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process[keyPath: stream] = pipe
        do { try process.run() } catch { return ("\(error)", -1) }
        let told = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: told, as: UTF8.self), process.terminationStatus)
    }
}
