import Formats
import Nouns
import Wording

/// What specs say of a residual student.
enum ResidualFormat {
    private typealias Pictures = ResidualArchitecture.Pictures

    static let fields = [
        Field(
            "layers", .number(.whole(1...1202)),
            "How many layers: 6n + 2 for `cifar`, such as 20, 32, 44, 56 and 110; 18 or 34 for `imagenet`."),
        Field(
            "pictures", .choice(Pictures.allCases.map(\.rawValue)), .implied(.string(Pictures.cifar.rawValue)),
            "What it is made for: `cifar`, small pictures, 32 × 32 as published, or `imagenet`, large ones, of at least "
                + "32 × 32 and 224 × 224 as published."),
    ]

    /// Nil where there is no network of so many layers.
    static func architecture(_ residual: JSONValue) -> ResidualArchitecture? {
        guard let layers = residual["layers"]?.integer else { return nil }
        return ResidualArchitecture(layers: layers, pictures: pictures(residual))
    }

    private static func pictures(_ residual: JSONValue) -> Pictures {
        residual["pictures"]?.string.flatMap(Pictures.init) ?? .cifar
    }

    /// The number of layers is one that there is.
    ///
    /// - Parameter place: where the student stands.
    static func slips(_ student: JSONValue, at place: [JSONPath.Component]) -> [Slip] {
        guard let residual = student["residual"], let layers = residual["layers"]?.integer,
            architecture(residual) == nil
        else { return [] }
        let nearest = ResidualArchitecture.nearest(to: layers, pictures(residual)).map(String.init)
        let allowed =
            switch pictures(residual) {
            case .cifar: "6n + 2 layers; \(nearest.joined(by: "and")) \(nearest.count == 1 ? "is" : "are") nearest"
            case .imagenet: "\(nearest.joined(by: "or")) with \"pictures\": \"imagenet\""
            }
        return [
            Slip(at: place + [.key("residual"), .key("layers")], found: String(layers), allowed: allowed)
        ]
    }
}
