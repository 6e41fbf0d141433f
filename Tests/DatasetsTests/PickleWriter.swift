/// Pickles of dictionaries with an array of images and lists of labels, as the programs write them that people have.
struct PickleWriter {
    enum Style: CaseIterable {
        /// Protocol 2 by Python 2 and its cPickle: CIFAR's Python version as it is distributed.
        case python2
        /// By Python 3, from what it had read as bytes.
        case python3Protocol2, python3Protocol3, python3Protocol4, python3Protocol5
        /// The same by Python 2 of an array whose columns come first.
        case columnsFirst
    }

    private(set) var bytes: [UInt8] = []
    private let style: Style
    private var remembered = 0

    private init(_ style: Style) {
        self.style = style
    }

    /// - Parameters:
    ///   - images: as many of 3072 bytes as there are labels, one after the other.
    ///   - labels: lists with their keys.
    static func dictionary(_ style: Style, images: [UInt8], labels: [(key: String, values: [UInt8])]) -> [UInt8] {
        var writer = PickleWriter(style)
        writer.write(images: images, labels: labels)
        return writer.bytes
    }

    private mutating func write(images: [UInt8], labels: [(key: String, values: [UInt8])]) {
        let version: UInt8 =
            switch style {
            case .python2, .columnsFirst, .python3Protocol2: 2
            case .python3Protocol3: 3
            case .python3Protocol4: 4
            case .python3Protocol5: 5
            }
        bytes = [0x80, version]
        // A frame says how many bytes follow; which do not matter to a reader that has them all.
        if version >= 4 { bytes += [0x95, 1, 0, 0, 0, 0, 0, 0, 0] }
        add("}")
        remember()
        add("(")
        string("batch_label")
        string("training batch 1 of 5")
        for (key, values) in labels {
            string(key)
            add("]")
            remember()
            add("(")
            for value in values { add("K", [value]) }
            add("e")
        }
        string("data")
        array(images, rows: images.count / 3072)
        string("filenames")
        add("]")
        remember()
        add("(")
        string("a.png")
        add("e")
        add("u")
        add(".")
    }

    private mutating func array(_ images: [UInt8], rows: Int) {
        switch style {
        case .python3Protocol5:
            global("numpy._core.numeric", "_frombuffer")
            add("(")
            add("\u{96}", Self.little(images.count, 8) + images)
            remember()
            elementType()
            shape(rows)
            text("C")
            add("t")
            add("R")
        default:
            global(style == .python2 ? "numpy.core.multiarray" : "numpy._core.multiarray", "_reconstruct")
            global("numpy", "ndarray")
            add("K", [0])
            add("\u{85}")
            string("b")
            add("\u{87}")
            add("R")
            remember()
            add("(")
            add("K", [1])
            shape(rows)
            elementType()
            if style == .columnsFirst {
                add("\u{88}")
                add(
                    "T",
                    Self.little(images.count, 4)
                        + (0..<3072).flatMap { column in
                            (0..<rows).map { images[$0 * 3072 + column] }
                        })
            } else {
                add("\u{89}")
                content(images)
            }
            add("t")
            add("b")
        }
    }

    private mutating func content(_ images: [UInt8]) {
        switch style {
        case .python2, .columnsFirst: add("T", Self.little(images.count, 4) + images)
        case .python3Protocol2: spelled(images)
        default: add("B", Self.little(images.count, 4) + images)
        }
        remember()
    }

    private mutating func elementType() {
        global("numpy", "dtype")
        if style == .python2 || style == .columnsFirst {
            string("u1")
            add("K", [0])
            add("K", [1])
        } else {
            text("u1")
            add("\u{89}")
            add("\u{88}")
        }
        add("\u{87}")
        add("R")
        remember()
        add("(")
        add("K", [3])
        if style == .python2 || style == .columnsFirst { string("|") } else { text("|") }
        add("NNN")
        add("J", [255, 255, 255, 255])
        add("J", [255, 255, 255, 255])
        add("K", [0])
        add("t")
        add("b")
    }

    private mutating func shape(_ rows: Int) {
        add("M", Self.little(rows, 2))
        add("M", Self.little(3072, 2))
        add("\u{86}")
        remember()
    }

    /// What Python 2 calls a string, and Python 3 bytes.
    private mutating func string(_ value: String) {
        let content = Array(value.utf8)
        switch style {
        case .python2, .columnsFirst: add("U", [UInt8(content.count)] + content)
        case .python3Protocol2: spelled(content)
        default: add("C", [UInt8(content.count)] + content)
        }
        remember()
    }

    /// Bytes as Python 3 writes them in protocol 2.
    private mutating func spelled(_ content: [UInt8]) {
        let characters = Array(String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) })).utf8)
        global("_codecs", "encode")
        add("X", Self.little(characters.count, 4) + characters)
        text("latin1")
        add("\u{86}")
        add("R")
    }

    private mutating func text(_ value: String) {
        let content = Array(value.utf8)
        switch style {
        case .python3Protocol4, .python3Protocol5: add("\u{8C}", [UInt8(content.count)] + content)
        default: add("X", Self.little(content.count, 4) + content)
        }
        remember()
    }

    private mutating func global(_ module: String, _ name: String) {
        switch style {
        case .python3Protocol4, .python3Protocol5:
            text(module)
            text(name)
            add("\u{93}")
        default: add("c", Array("\(module)\n\(name)\n".utf8))
        }
        remember()
    }

    private mutating func remember() {
        switch style {
        case .python3Protocol4, .python3Protocol5: add("\u{94}")
        default: if remembered < 256 { add("q", [UInt8(remembered)]) } else { add("r", Self.little(remembered, 4)) }
        }
        remembered += 1
    }

    /// Operations of one byte, and what the last of them takes.
    private mutating func add(_ operations: String, _ argument: [UInt8] = []) {
        bytes += operations.unicodeScalars.map { UInt8($0.value) } + argument
    }

    private static func little(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
