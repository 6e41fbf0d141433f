import Foundation
import Report
import TensorEngine

/// What the machine has to give: processors, room, a terminal, and the programs that make pictures.
struct MachineCheck {
    let journal: String
    let terminal: Terminal

    var items: [Checklist.Item] { [processors, disk].compactMap { $0 } + terminalItems + Self.helpers }

    private static let section = "Machine"
    /// Less room than this, and a run soon ends in a full disk.
    private static let leastRoom = 100 << 20
    private static let amplyRoom = 1 << 30

    private var processors: Checklist.Item {
        Checklist.Item(section: Self.section, name: "processors", .ok, "\(Machine.processors)")
    }

    /// Room where the journal is or would be.
    private var disk: Checklist.Item? {
        let folder = URL(fileURLWithPath: journal).deletingLastPathComponent().path
        guard
            let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder),
            let free = (attributes[.systemFreeSize] as? NSNumber)?.intValue
        else { return nil }
        let text = "\(ByteCount(free)) free for the journal in \(folder)"
        let advice = "Make room there, or give --journal a file on another disk."
        if free < Self.leastRoom {
            return Checklist.Item(section: Self.section, name: "disk", .broken, text, advice: advice)
        }
        return Checklist.Item(
            section: Self.section, name: "disk", .ok, text, advice: free < Self.amplyRoom ? advice : nil)
    }

    private var terminalItems: [Checklist.Item] {
        func item(_ name: String, _ isThere: Bool, _ text: String, advice: String? = nil) -> Checklist.Item {
            Checklist.Item(
                section: "Terminal", name: name, isThere ? .ok : .missing, text, advice: isThere ? nil : advice)
        }
        let width = terminal.isTerminal ? "\(terminal.width) columns" : "no terminal: a file or a pipe"
        return [
            item("width", true, width),
            item(
                "colour", terminal.usesColour || !terminal.isTerminal,
                terminal.usesColour ? "yes" : terminal.isTerminal ? "no" : "not in files",
                advice: "It takes a TERM that has colours, and NO_COLOR unset."),
            item(
                "Unicode", terminal.usesUnicode,
                terminal.usesUnicode ? "yes" : "no: charts and names are drawn in ASCII",
                advice: "export LANG=C.UTF-8"),
        ]
    }

    private static var helpers: [Checklist.Item] {
        [
            helper(["rsvg-convert"], of: "librsvg", for: "pictures that are not SVG", package: "librsvg2-bin"),
            helper(["magick", "convert"], of: "ImageMagick", for: "animated GIFs", package: "imagemagick"),
        ]
    }

    private static func helper(_ programs: [String], of project: String, for use: String, package: String)
        -> Checklist.Item
    {
        let section = "Other programs"
        guard let found = programs.lazy.compactMap(SearchPath.program).first else {
            return Checklist.Item(
                section: section, name: project, .missing,
                "no \(programs.joined(separator: " or ")) in the PATH: none of \(use)",
                advice: "apt install \(package), or brew install \(project.lowercased())")
        }
        return Checklist.Item(section: section, name: project, .ok, "\(found), for \(use)")
    }
}

/// A number of bytes as people say it.
struct ByteCount: CustomStringConvertible {
    let bytes: Int

    init(_ bytes: Int) { self.bytes = bytes }

    var description: String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var (value, unit) = (Double(bytes), 0)
        while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return unit == 0 ? "\(bytes) bytes" : String(format: "%.1f ", value) + units[unit]
    }
}
