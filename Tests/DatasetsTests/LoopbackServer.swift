import Foundation
import Locking

/// An HTTP server for tests, on a free port of the loopback address: says what it is told to, one connection at a time.
final class LoopbackServer: Sendable {
    /// The bytes to send for a path, headers and all; the connection is closed after them.
    typealias Answer = @Sendable (_ path: String) -> [UInt8]

    let address: URL
    private let listener: Int32
    private let answer: Answer
    private let requests = Locked<[String]>([])

    init(_ answer: @escaping Answer) throws {
        self.answer = answer
        let bound = try Self.listen()
        listener = bound.socket
        address = URL(string: "http://127.0.0.1:\(bound.port)/files/")!
        Thread.detachNewThread { [self] in serve() }
    }

    /// Paths that were asked for, in order.
    var requestedPaths: [String] { requests.withLock { $0 } }

    /// Ends the server: later connections are refused.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    static func response(_ status: String, _ body: [UInt8], announced: Int? = nil) -> [UInt8] {
        let header = "HTTP/1.1 \(status)\r\nContent-Length: \(announced ?? body.count)\r\nConnection: close\r\n\r\n"
        return Array(header.utf8) + body
    }

    /// The address of a port that nobody listens on.
    static func refusingAddress() throws -> URL {
        let bound = try listen()
        close(bound.socket)
        return URL(string: "http://127.0.0.1:\(bound.port)/")!
    }

    private static func listen() throws -> (socket: Int32, port: UInt16) {
        #if canImport(Darwin)
            let listener = socket(AF_INET, SOCK_STREAM, 0)
        #else
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let succeeded = withUnsafeMutablePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(listener, name, length) == 0 && getsockname(listener, name, &length) == 0
            }
        }
        #if canImport(Darwin)
            let listens = Darwin.listen(listener, 8) == 0
        #else
            let listens = Glibc.listen(listener, 8) == 0
        #endif
        guard succeeded, listens else { throw POSIXError(.EADDRNOTAVAIL) }
        return (listener, UInt16(bigEndian: name.sin_port))
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            var request = [UInt8]()
            var piece = [UInt8](repeating: 0, count: 4096)
            while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
                let count = recv(connection, &piece, piece.count, 0)
                guard count > 0 else { break }
                request += piece.prefix(count)
            }
            let words = String(decoding: request, as: UTF8.self).split(separator: " ")
            let path = words.count > 1 ? String(words[1]) : ""
            requests.withLock { $0.append(path) }
            var bytes = answer(path)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Self.sendFlags) }
                guard count > 0 else { break }
                bytes = bytes.dropFirst(count)
            }
            close(connection)
        }
    }

    #if canImport(Darwin)
        private static let sendFlags: Int32 = 0
    #else
        private static let sendFlags = Int32(MSG_NOSIGNAL)
    #endif
}
