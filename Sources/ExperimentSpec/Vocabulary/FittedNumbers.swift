import Formats
import Nouns

extension Vocabulary {
    /// A number as a setting of an evaluated optimizer can have it: a whole one where only those are allowed.
    ///
    /// - Returns: nil where the setting, or the precision, allows none such.
    package func fitted(
        _ number: Double, to setting: String, of kind: String, in precision: ExperimentSettings.Precision
    ) -> JSONValue? {
        guard let field = evaluatedOptimizers[kind]?.fields.first(where: { $0.name == setting }),
            case .tunable(.number(let range)) = field.format
        else { return nil }
        let value = JSONValue(range.isWhole ? number.rounded() : number)
        guard range.contains(value), let fitted = value.double, range.use.fault(of: fitted, in: precision) == nil
        else { return nil }
        return value
    }
}
