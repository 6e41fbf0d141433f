import Datasets
import Formats
import Nouns

extension DatasetKind {
    /// ``NumPyDataset``.
    public static let files = DatasetKind(
        "files", "Arrays of NumPy in an `.npz` file: `x_train`, `y_train`, `x_test` and `y_test`, as Keras has them.",
        fields: [testShare("the arrays `x_test` and `y_test`")]
    ) { settings, file, name in
        NumPyDataset(name: name, file: file, testShare: settings.number(ifGiven: "test"))
    }

    /// ``PictureFolder``.
    public static let folder = DatasetKind(
        "folder", "Pictures (PNG, JPEG, PPM and PGM) in a folder for each class.",
        fields: [
            testShare("the folder `test` beside `train`. Given: the folder holds those of the classes itself"),
            Field(
                "size", .oneOrList(of: .number(.whole(1...4096))), .optional,
                "Height and width, or one number for both: pictures are scaled to cover it, and what stands out at both "
                    + "ends is cut off. Left out: all must have one size."),
            Field(
                "channels", .number(.whole(1...3)), .optional,
                "3 for colours, 1 for shades of grey. Left out: 3 if the file of any picture has colours."),
        ],
        check: { folder in
            var slips: [Slip] = []
            if let size = folder.value["size"]?.array, size.count > 2 {
                slips.append(
                    Slip(.key("size"), found: "a list of \(size.count)", allowed: "[height, width], or one number"))
            }
            if folder.value["channels"] == 2 {
                slips.append(Slip(.key("channels"), found: "2", allowed: "3 or 1"))
            }
            return slips
        }
    ) { settings, file, name in
        let sizes = settings.integers(ifGiven: "size") ?? settings.integer(ifGiven: "size").map { [$0] }
        let size = sizes.flatMap { sizes in sizes.last.map { PictureSize(height: sizes[0], width: $0) } }
        return PictureFolder(
            name: name, folder: file, testShare: settings.number(ifGiven: "test"), size: size,
            channels: settings.integer(ifGiven: "channels"))
    }

    /// ``TableDataset``.
    public static let csv = DatasetKind(
        "csv", "A table as text, its columns named in the first line: numbers, and a column with the classes.",
        fields: [
            Field("label", .text(.label), "The column with the classes, numbers or texts."),
            Field("separator", .text(.label), default: ",", "The character between fields."),
            Field("test", .number(.properShare), default: 0.2, "The share of each class that is tested on."),
        ],
        check: { table in
            guard let separator = table.value["separator"]?.string, !TableDataset.isSeparator(separator) else {
                return []
            }
            return [
                Slip(
                    .key("separator"), found: table.value["separator"]?.wording ?? "",
                    allowed: "one character of ASCII that is neither a letter, a digit nor any of \" . + -")
            ]
        }
    ) { settings, file, name in
        TableDataset(
            name: name, file: file, label: settings.text("label"), separator: settings.text("separator"),
            testShare: settings.number("test"))
    }

    private static func testShare(_ rest: String) -> Field {
        Field(
            "test", .number(.properShare), .optional,
            "The share of each class that is tested on, the same whatever the seed. Left out: \(rest).")
    }
}
