import Foundation
import Testing

/// `journal serve` under way, asked by plain bytes, so that a test can say what no browser would.
final class ServedJournal {
    let call: Call
    let port: UInt16

    /// - Throws: where it does not begin to listen.
    init(_ program: Program, _ arguments: [String] = []) throws {
        call = try program.start(["serve", "--port", "0"] + arguments)
        var found: UInt16?
        for _ in 0..<1500 where found == nil && call.process.isRunning {
            usleep(20_000)
            let text = try call.messagesSoFar()
            guard let start = text.range(of: "http://localhost:") else { continue }
            found = UInt16(text[start.upperBound...].prefix { $0.isNumber })
        }
        let messages = try call.messagesSoFar()
        port = try #require(found, "\(messages)")
    }

    deinit {
        if call.process.isRunning { call.process.terminate() }
    }

    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    /// Sends a request and reads until the connection ends.
    ///
    /// - Parameters:
    ///   - host: what the request names as its host; the port is that of the server unless it has one.
    ///   - headers: lines beside that, whole.
    func ask(
        _ path: String, method: String = "GET", host: String? = nil, _ headers: [String] = [], body: String = ""
    ) throws -> Answer {
        let lines =
            ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "localhost:\(port)")", "Connection: close"] + headers
            + (body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"])
        let text = try exchange(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        let parts = text.components(separatedBy: "\r\n\r\n")
        let head = parts[0].components(separatedBy: "\r\n")
        let status = try #require(Int(head[0].split(separator: " ")[1]))
        let named = head.dropFirst().map { line in
            let sides = line.split(separator: ":", maxSplits: 1)
            return (sides[0].lowercased(), sides.count > 1 ? sides[1].trimmingCharacters(in: .whitespaces) : "")
        }
        return Answer(
            status: status, headers: Dictionary(named) { first, _ in first },
            body: parts.dropFirst().joined(separator: "\r\n\r\n"))
    }

    private func exchange(_ request: String) throws -> String {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        let bytes = Array(request.utf8)
        try #require(write(socket, bytes, bytes.count) == bytes.count)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(socket, &buffer, buffer.count), count > 0 { answer += buffer[..<count] }
        return String(decoding: answer, as: UTF8.self)
    }
}
