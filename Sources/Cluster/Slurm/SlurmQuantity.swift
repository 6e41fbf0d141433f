/// Times and amounts of memory, as Slurm writes them.
enum SlurmQuantity {
    /// Seconds of `MINUTES`, `MINUTES:SS`, `H:MM:SS`, `D-H`, `D-H:MM` or `D-H:MM:SS`; infinity of `UNLIMITED`; nil of
    /// anything else.
    static func seconds(_ text: String) -> Double? {
        if ["UNLIMITED", "INFINITE", "NOT_SET"].contains(text.uppercased()) { return .infinity }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, let clock = parts.last else { return nil }
        let numbers = clock.split(separator: ":", omittingEmptySubsequences: false).map { whole($0) }
        guard numbers.count <= 3, !numbers.contains(nil) else { return nil }
        let values = numbers.compactMap(\.self)
        if parts.count == 2 {
            guard let days = whole(parts[0]) else { return nil }
            let units = [3600.0, 60, 1]
            return days * 86_400 + zip(values, units).reduce(0) { $0 + $1.0 * $1.1 }
        }
        switch values.count {
        case 1: return values[0] * 60
        case 2: return values[0] * 60 + values[1]
        default: return values[0] * 3600 + values[1] * 60 + values[2]
        }
    }

    /// Megabytes of `4000`, `4000M`, `4G`; nil of anything else.
    static func megabytes(_ text: String) -> Double? {
        let units: [Character: Double] = ["K": 1 / 1024, "M": 1, "G": 1024, "T": 1024 * 1024]
        guard let last = text.last else { return nil }
        let unit = units[Character(last.uppercased())]
        return whole(unit == nil ? text[...] : text.dropLast()).map { $0 * (unit ?? 1) }
    }

    private static func whole(_ text: some StringProtocol) -> Double? {
        guard !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Double(String(text))
    }
}
