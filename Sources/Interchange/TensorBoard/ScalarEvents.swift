import Foundation
import JournalStore
import Nouns

/// One number that a run told TensorBoard.
struct ScalarEvent: Equatable {
    var tag: String
    var step: Int
    var value: Double

    /// The scalars of an event record (`tensorflow.Event`): simple values, and tensors of one number, as TensorFlow 2
    /// and `tf.summary.scalar` write them.
    static func all(in record: MessageReader.Bytes) throws -> [ScalarEvent] {
        var event = MessageReader(record)
        var step = 0
        var summaries: [MessageReader.Bytes] = []
        while let (field, value) = try event.next() {
            switch (field, value) {
            case (2, .varint(let bits)): step = Int(Int64(bitPattern: bits))
            case (5, .bytes(let bytes)): summaries.append(bytes)
            default: break
            }
        }
        return try summaries.flatMap { summary in
            var scalars: [ScalarEvent] = []
            var reader = MessageReader(summary)
            while let (field, value) = try reader.next() {
                guard field == 1, case .bytes(let bytes) = value else { continue }
                if let (tag, number) = try scalar(in: bytes) {
                    scalars.append(ScalarEvent(tag: tag, step: step, value: number))
                }
            }
            return scalars
        }
    }

    /// A `Summary.Value`: nil where it is a picture, a histogram, a text.
    private static func scalar(in bytes: MessageReader.Bytes) throws -> (tag: String, value: Double)? {
        var reader = MessageReader(bytes)
        var tag = ""
        var number: Double?
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let text)): tag = String(decoding: text, as: UTF8.self)
            case (2, .fixed32(let bits)): number = Double(recorded: Float(bitPattern: bits))
            case (8, .bytes(let tensor)): number = try self.number(in: tensor)
            default: break
            }
        }
        return number.map { (tag, $0) }
    }

    /// A `TensorProto` of one number; nil of any other.
    private static func number(in bytes: MessageReader.Bytes) throws -> Double? {
        var reader = MessageReader(bytes)
        var type: UInt64 = 0
        var numbers: [Double] = []
        var content: [UInt8] = []
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .varint(let code)): type = code
            case (4, .bytes(let raw)): content = Array(raw)
            case (5, .fixed32(let bits)): numbers.append(Double(recorded: Float(bitPattern: bits)))
            case (5, .bytes(let packed)) where packed.count == 4: content = Array(packed)
            case (6, .fixed64(let bits)): numbers.append(Double(bitPattern: bits))
            case (6, .bytes(let packed)) where packed.count == 8: content = Array(packed)
            case (7, .varint(let number)), (10, .varint(let number)): numbers.append(Double(Int64(bitPattern: number)))
            default: break
            }
        }
        func bits<Bits: FixedWidthInteger>(_: Bits.Type) -> Bits { content.reversed().reduce(0) { $0 << 8 | Bits($1) } }
        switch (type, content.count) {
        case (1, 4): return Double(recorded: Float(bitPattern: bits(UInt32.self)))
        case (2, 8): return Double(bitPattern: bits(UInt64.self))
        case (3, 4): return Double(Int32(bitPattern: bits(UInt32.self)))
        case (9, 8): return Double(Int64(bitPattern: bits(UInt64.self)))
        default: return numbers.count == 1 ? numbers[0] : nil
        }
    }
}

/// The event file of one trial, for TensorBoard.
public struct EventFile {
    /// So that an export takes the place of an earlier one.
    public static let name = "events.out.tfevents.0.journal"

    private let start: Double
    private let seconds: Double
    private let steps: Int
    private var bytes: [UInt8] = []

    /// - Parameter trial: says when its first step was taken, and how long all took: events have instants, between
    ///   which the journal doesn't keep any.
    public init(_ trial: TrialRecord) {
        func instant(_ text: String?) -> Double? {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            return text.flatMap { try? style.parse($0) }?.timeIntervalSince1970
        }
        let start = instant(trial.startedAt) ?? 0
        let elapsed = instant(trial.finishedAt).map { $0 - start } ?? 0
        self.start = start
        seconds = trial.results?.seconds ?? max(0, elapsed)
        steps = max(1, trial.steps)
        var event = MessageWriter()
        event.write(1, double: start)
        event.write(3, bytes: Array("brain.Event:2".utf8))
        RecordFile.append(event.bytes, to: &bytes)
    }

    /// Adds a curve. TensorBoard's numbers are in single precision.
    public mutating func add(_ metric: Metric, steps: [Int], values: [Double]) {
        let tag = Array(metric.rawValue.utf8)
        let last = max(self.steps, steps.last ?? 0)
        for (step, value) in zip(steps, values) {
            var number = MessageWriter()
            number.write(1, bytes: tag)
            number.write(2, float: Float(value))
            var summary = MessageWriter()
            summary.write(1, bytes: number.bytes)
            var event = MessageWriter()
            event.write(1, double: start + (seconds.isFinite ? seconds : 0) * Double(step) / Double(last))
            event.write(2, varint: UInt64(bitPattern: Int64(step)))
            event.write(5, bytes: summary.bytes)
            RecordFile.append(event.bytes, to: &bytes)
        }
    }

    /// The records since the last call.
    public mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }
}
