import Foundation
import JournalStore

/// A setting of an optimizer that tuning chose.
public struct TunedSetting: Sendable, Equatable {
    /// The setting's name in the specification, such as `learningRate`.
    public let name: String
    /// The value with the lowest mean final loss on the tuning seeds, as JSON has it.
    public let value: String

    /// A setting with its value.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// The settings of the chosen one among the candidates of a problem and optimizer: those in which any two
    /// candidates differ, by name.
    static func chosen(among candidates: [TuningChoice]) -> [TunedSetting] {
        guard let choice = candidates.first(where: \.chosen) else { return [] }
        let all = candidates.map { settings(json: $0.candidate) }
        return settings(json: choice.candidate).sorted { $0.key < $1.key }
            .filter { name, value in all.contains { $0[name] != value } }
            .map { TunedSetting(name: $0.key, value: $0.value) }
    }

    private static func settings(json: String) -> [String: String] {
        let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        return (object ?? [:]).mapValues { "\($0)" }
    }
}
