import Foundation

/// What one process measured: it prints this as a line of JSON.
struct Measurement: Codable, Hashable {
    /// The program and its version.
    var program: String
    /// The seconds that each step took, the first one left out.
    var seconds: [Double]
    /// The largest memory that the process held.
    var peakMebibytes: Double

    var medianSeconds: Double { seconds.median }

    /// The last line of what a process printed.
    init(output: Data) throws {
        let line = output.split(separator: UInt8(ascii: "\n")).last ?? Data()
        self = try JSONDecoder().decode(Measurement.self, from: line)
    }

    init(program: String, seconds: [Double], peakMebibytes: Double) {
        self.program = program
        self.seconds = seconds
        self.peakMebibytes = peakMebibytes
    }

    func line() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
}

extension [Double] {
    /// The middle element, or the mean of the two in the middle.
    var median: Double {
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }
}
