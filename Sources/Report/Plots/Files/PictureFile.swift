import Foundation

/// The formats in which charts leave as files, by the ends of their names.
public enum PictureFormat: String, Sendable, CaseIterable {
    case svg, png, pdf, html, gif

    /// The format of a file of that name; nil where it is another one.
    public init?(path: String) {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        self.init(rawValue: path[path.index(after: dot)...].lowercased())
    }

    /// Whether a file that begins so is of a format of these, and so an earlier picture.
    public static func isPicture(_ data: Data) -> Bool {
        ["<svg ", "\u{89}PNG", "%PDF-", HTMLPage.beginning, "GIF8"].contains { beginning in
            data.starts(with: beginning.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        }
    }
}

/// Why a picture could not be made of an SVG.
public enum PictureFault: Error, CustomStringConvertible {
    case missing(String, PictureFormat)
    case failed(String, String, PictureFormat)

    public var description: String {
        switch self {
        case .missing(let program, .gif):
            "a GIF takes \(program), which is not installed here: install librsvg's and ImageMagick's programs "
                + "(apt install librsvg2-bin imagemagick, brew install librsvg imagemagick), or name a .svg file"
        case .missing(let program, let format):
            "a \(format.rawValue.uppercased()) takes \(program), which is not installed here: install librsvg's program "
                + "(apt install librsvg2-bin, brew install librsvg), or name a .svg or .html file"
        case .failed(let program, let message, let format):
            "\(program) could not make the \(format.rawValue.uppercased()): \(message)"
        }
    }
}

/// Charts in the formats that librsvg paints.
public enum PictureFile {
    /// A PNG, twice as fine as the chart is wide, or a PDF.
    ///
    /// - Throws: ``PictureFault``; errors of writing temporary files.
    public static func data(of svg: String, as format: PictureFormat) throws -> Data {
        let painter = try painter(for: format)
        return try inFolder { folder in
            try Data(svg.utf8).write(to: folder.appendingPathComponent("chart.svg"))
            let size = format == .png ? ["--zoom", "2"] : []
            try painter.run(
                ["--format", format.rawValue] + size + ["chart.svg", "-o", "chart.out"], in: folder, for: format)
            return try Data(contentsOf: folder.appendingPathComponent("chart.out"))
        }
    }

    static func painter(for format: PictureFormat) throws -> HelperProgram {
        guard let painter = HelperProgram("rsvg-convert") else { throw PictureFault.missing("rsvg-convert", format) }
        return painter
    }

    /// Has a folder for the while.
    static func inFolder(_ work: (URL) throws -> Data) throws -> Data {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try work(folder)
    }
}
