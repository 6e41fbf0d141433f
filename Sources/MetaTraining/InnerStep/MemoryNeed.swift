import Problems
import TensorEngine

/// Memory that a trial is about to ask for.
///
/// A system that has no more ends the whole program, so a trial that needs more than the machine has fails before it
/// asks. Counted as `Double`: what a spec asks for may be beyond any whole number.
public struct MemoryNeed: Sendable {
    /// At least so many bytes.
    public private(set) var bytes: Double
    private let width: Double

    /// The numbers of some buffers.
    init<Scalar: TensorScalar>(_: Scalar.Type, elements: Double) {
        width = Double(MemoryLayout<Scalar>.size)
        bytes = elements * width
    }

    /// What every trial of a problem holds: parameters and their gradient, the data of a step and of the final batch.
    public init<Scalar: TensorScalar>(_: Scalar.Type, of problem: Problem) {
        let shapes = problem.parameters.map(\.shape)
        let data = problem.data.shapes(of: .minibatch(step: 0)) + problem.data.shapes(of: problem.data.finalBatch)
        self.init(Scalar.self, elements: 2 * Self.count(shapes) + Self.count(data))
    }

    /// Whether it is worth keeping from one trial to the next: where trials are short, fresh pages are a good part of
    /// their time, and where they need much memory, others may want it meanwhile.
    var isWorthKeeping: Bool { bytes < 0x1p26 }

    mutating func add(elements: Double) { bytes += elements * width }

    private static func count(_ shapes: [Shape]) -> Double {
        shapes.reduce(0) { $0 + $1.sizes.reduce(1) { $0 * Double($1) } }
    }

    /// - Throws: `TrialFailure` where it is more than the machine has.
    func check(for what: String) throws {
        let there = Double(Machine.memory)
        guard bytes > there else { return }
        throw TrialFailure(
            "\(what) takes at least \(Self.wording(bytes)) of memory, and this machine has \(Self.wording(there)): a smaller "
                + "batchSize, student or unroll takes less")
    }

    /// A number of bytes as people say it, such as `1.2 TB`.
    public static func wording(_ bytes: Double) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        var (rest, unit) = (bytes, 0)
        while rest >= 999.5, unit < units.count - 1 { (rest, unit) = (rest / 1000, unit + 1) }
        let rounded = rest < 10 && unit > 0 ? "\((rest * 10).rounded() / 10)" : "\(Int(min(rest.rounded(), 1e15)))"
        return "\(rounded) \(units[unit])"
    }
}
