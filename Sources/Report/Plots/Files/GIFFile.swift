import Foundation

/// Pictures one after the other as a GIF: librsvg paints them, ImageMagick puts them together.
public enum GIFFile {
    /// The bytes of a GIF that repeats.
    ///
    /// - Parameters:
    ///   - stills: SVG documents of one size.
    ///   - delay: hundredths of a second from one to the next.
    /// - Throws: ``PictureFault``; errors of writing temporary files.
    public static func data(of stills: [String], delay: Int = 20) throws -> Data {
        let painter = try PictureFile.painter(for: .gif)
        // ImageMagick 7 is called magick, 6 convert; something else may be called so too.
        let encoders = ["magick", "convert"].lazy.compactMap { HelperProgram($0, saying: "ImageMagick") }
        guard let encoder = encoders.first else { throw PictureFault.missing("ImageMagick", .gif) }
        return try PictureFile.inFolder { folder in
            let pictures = try stills.enumerated().map { index, still in
                try Data(still.utf8).write(to: folder.appendingPathComponent("\(index).svg"))
                try painter.run(["--zoom", "1.5", "\(index).svg", "-o", "\(index).png"], in: folder, for: .gif)
                return "\(index).png"
            }
            // The last picture stays a while.
            try encoder.run(
                ["-delay", "\(delay)", "-loop", "0"] + pictures.dropLast() + ["-delay", "160"] + pictures.suffix(1)
                    + ["-layers", "optimize", "out.gif"], in: folder, for: .gif)
            return try Data(contentsOf: folder.appendingPathComponent("out.gif"))
        }
    }
}
