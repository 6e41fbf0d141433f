import Nouns

@testable import ExperimentSpec

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

extension JSONValue {
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .boolean(Bool.random(using: &generator))
        case 2: return .integer(Int.random(in: -1000...1000, using: &generator))
        case 3: return JSONValue(Double(bitPattern: generator.next()).finite)
        case 4: return .integer(Int(bitPattern: UInt(generator.next())))
        case 5: return .string(["", "mnist", "é\n\"", "\u{0}", "kind", "😀"].randomElement(using: &generator)!)
        case 6:
            let count = Int.random(in: 0...3, using: &generator)
            return .array((0..<count).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            var members: [String: JSONValue] = [:]
            for key in ["kind", "name", "tune", "steps", "x"] where Bool.random(using: &generator) {
                members[key] = random(depth: depth - 1, using: &generator)
            }
            return .object(members)
        }
    }

    /// The value with one place in it, drawn at random, removed, replaced or added to.
    func mutated(using generator: inout SeededGenerator) -> JSONValue {
        switch self {
        case .object(var members) where !members.isEmpty:
            let key = members.keys.sorted().randomElement(using: &generator)!
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: members[key] = nil
            case 1: members[key + "x"] = members[key]
            default: members[key] = members[key]?.mutated(using: &generator)
            }
            return .object(members)
        case .array(var elements) where !elements.isEmpty:
            let index = elements.indices.randomElement(using: &generator)!
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            default: elements[index] = elements[index].mutated(using: &generator)
            }
            return .array(elements)
        default:
            return .random(depth: 2, using: &generator)
        }
    }
}

extension Double {
    fileprivate var finite: Double { isFinite ? self : 0.5 }
}
