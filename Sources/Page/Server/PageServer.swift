import FlyingFox
import FlyingSocks
import Foundation
import JournalStore
import Nouns

/// The journal in the browser: pages at an address of this machine that no other machine can reach.
public final class PageServer: Sendable {
    /// Why it cannot listen.
    public struct PortTaken: Error {
        public let port: UInt16
    }

    public let port: UInt16
    private let servers: [HTTPServer]

    /// Readies the server; ``run()`` starts it.
    ///
    /// - Parameters:
    ///   - path: the journal's.
    ///   - kinds: how the results of each kind of trials are told.
    ///   - port: where to listen; 0 for any that is free.
    ///   - isFixed: whether no other port will do; else the next free one of the twenty that follow.
    /// - Throws: ``PortTaken`` where none is free; `JournalError` where the journal cannot be read.
    public init(
        journal path: String, programVersion: String, kinds: [TrialKindSummary], port: UInt16, isFixed: Bool
    ) throws {
        let door = JournalDoor(path: path, programVersion: programVersion)
        door.putBack(try door.open())
        let candidates = isFixed || port == 0 ? [port] : Array(port...min(port, UInt16.max - 20) + 20)
        guard let free = candidates.lazy.compactMap(Self.free).first else { throw PortTaken(port: port) }
        self.port = free
        let router = PageRouter(door: door, kinds: kinds, gate: RequestGuard(port: free), sections: SectionCache(door))
        func server(_ address: some SocketAddress) -> HTTPServer {
            HTTPServer(
                address: address, timeout: 300, pool: PromptPool(base: HTTPServer.defaultPool()), logger: .disabled,
                handler: router)
        }
        servers =
            [server(try sockaddr_in.inet(ip4: "127.0.0.1", port: free))]
            + (Self.hasIPv6 ? [server(sockaddr_in6.loopback(port: free))] : [])
    }

    /// Where people find it.
    public var address: String { "http://localhost:\(port)/" }

    /// Answers until the task is cancelled.
    ///
    /// - Parameter ready: called when it listens.
    public func run(ready: @escaping @Sendable () -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for server in servers { group.addTask { try await server.run() } }
            group.addTask { [servers] in
                for server in servers { try await server.waitUntilListening() }
                ready()
                while !Task.isCancelled { try await Task.sleep(for: .seconds(3600)) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static let hasIPv6: Bool = (try? bound(sockaddr_in6.loopback(port: 0))) != nil

    /// The port, if it is free at both addresses; of 0, one that is.
    private static func free(_ port: UInt16) -> UInt16? {
        guard let free = try? bound(sockaddr_in.inet(ip4: "127.0.0.1", port: port)) else { return nil }
        if hasIPv6, (try? bound(sockaddr_in6.loopback(port: free))) == nil { return nil }
        return free
    }

    private static func bound(_ address: some SocketAddress) throws -> UInt16 {
        let socket = try Socket(domain: Int32(type(of: address).family))
        defer { try? socket.close() }
        try socket.setValue(true, for: .localAddressReuse)
        try socket.bind(to: address)
        try socket.listen()
        switch try socket.sockname() {
        case .ip4(_, let port), .ip6(_, let port): return port
        case .unix: return 0
        }
    }
}

/// Sends what is written at once: an answer's head and body are two writes, of which the second would wait for the first
/// to be acknowledged (Nagle's algorithm). Accepted sockets inherit the option from the listening one.
private struct PromptPool<Base: AsyncSocketPool>: AsyncSocketPool {
    let base: Base

    func prepare() async throws { try await base.prepare() }
    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        var isOn: Int32 = 1
        setsockopt(
            socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
