import FlyingFox
import Foundation

/// Keeps everyone out but this machine's own browser on this server's own pages.
///
/// A page of another site may have its name point to this machine (DNS rebinding), and then its scripts would read the
/// journal as if it were theirs: the browser still names that site as the host. A form on such a page can be sent here
/// as well, but it has not the token that forms of these pages carry.
struct RequestGuard: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>
    /// What forms of this server's pages carry.
    let token: String

    /// - Parameter port: the one that the server listens on.
    init(port: UInt16) {
        let names = ["localhost", "127.0.0.1", "[::1]"]
        hosts = Set(names.map { "\($0):\(port)" } + (port == 80 ? names : []))
        origins = Set(hosts.map { "http://\($0)" })
        var generator = SystemRandomNumberGenerator()
        token = (0..<4).map { _ in String(format: "%016llx", generator.next() as UInt64) }.joined()
    }

    /// Why a request is refused; nil where it is not.
    func refusal(of request: HTTPRequest) -> String? {
        guard let host = request.headers[.host]?.lowercased(), hosts.contains(host) else {
            return "this server answers to localhost, 127.0.0.1 and [::1] alone"
        }
        if let origin = request.headers[HTTPHeader("Origin")], !origins.contains(origin.lowercased()) {
            return "another site may not ask this server"
        }
        // A link on another page may lead here; its scripts and pictures may not.
        if request.headers[HTTPHeader("Sec-Fetch-Site")] == "cross-site",
            request.headers[HTTPHeader("Sec-Fetch-Mode")] != "navigate" || request.method != .GET
        {
            return "another site may not ask this server"
        }
        return nil
    }

    /// Whether a form comes from a page of this server. Takes as long for any wrong token.
    func admits(_ token: String?) -> Bool {
        guard let token, token.utf8.count == self.token.utf8.count else { return false }
        return zip(token.utf8, self.token.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
