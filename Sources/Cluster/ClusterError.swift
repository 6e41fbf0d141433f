/// Why a run on a cluster cannot begin or go on, in words for the person at the terminal.
public struct ClusterError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The sort of fault, which decides the exit code.
    public enum Kind: String, Sendable {
        /// What was asked for, no node has or the queue doesn't know.
        case usage
        /// What lies in the run's folder isn't what belongs there.
        case badData
        /// There is no such run.
        case missing
        /// There is no queue here, or it gives no answer.
        case unavailable
        /// A file cannot be read or written.
        case inputOutput
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }

    /// The exit code of `sysexits.h` for this fault.
    public var exitCode: Int32 {
        switch kind {
        case .usage: 64
        case .badData: 65
        case .missing: 66
        case .unavailable: 69
        case .inputOutput: 74
        }
    }
}
