import Foundation

/// Pictures one after the other as a GIF: librsvg paints them, ImageMagick puts them together.
public enum GIFFile {
    public enum Fault: Error, CustomStringConvertible {
        case missing(String)
        case failed(String, String)

        public var description: String {
            switch self {
            case .missing(let program):
                "a GIF takes \(program), which is not installed here: install librsvg's and ImageMagick's programs "
                    + "(apt install librsvg2-bin imagemagick, brew install librsvg imagemagick), or name a .svg file"
            case .failed(let program, let message): "\(program) could not make the GIF: \(message)"
            }
        }
    }

    /// The bytes of a GIF that repeats.
    ///
    /// - Parameters:
    ///   - stills: SVG documents of one size.
    ///   - delay: hundredths of a second from one to the next.
    /// - Throws: ``Fault``; errors of writing temporary files.
    public static func data(of stills: [String], delay: Int = 20) throws -> Data {
        guard let painter = HelperProgram("rsvg-convert") else { throw Fault.missing("rsvg-convert") }
        // ImageMagick 7 is called magick, 6 convert; something else may be called so too.
        let encoders = ["magick", "convert"].lazy.compactMap { HelperProgram($0, saying: "ImageMagick") }
        guard let encoder = encoders.first else { throw Fault.missing("ImageMagick") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pictures = try stills.enumerated().map { index, still in
            try Data(still.utf8).write(to: folder.appendingPathComponent("\(index).svg"))
            try painter.run(["--zoom", "1.5", "\(index).svg", "-o", "\(index).png"], in: folder)
            return "\(index).png"
        }
        // The last picture stays a while.
        try encoder.run(
            ["-delay", "\(delay)", "-loop", "0"] + pictures.dropLast() + ["-delay", "160"] + pictures.suffix(1)
                + ["-layers", "optimize", "out.gif"], in: folder)
        return try Data(contentsOf: folder.appendingPathComponent("out.gif"))
    }
}

/// A program of the machine, found where a shell would find it.
private struct HelperProgram {
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

    /// - Throws: ``GIFFile/Fault`` where it says that it failed.
    func run(_ arguments: [String], in folder: URL) throws {
        let (message, code) = Self.told(by: place, arguments, in: folder, from: \.standardError)
        guard code == 0 else {
            let line = message.split(separator: "\n").first.map(String.init)
            throw GIFFile.Fault.failed(name, line ?? "it ended with code \(code)")
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
