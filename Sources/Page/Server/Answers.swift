import FlyingFox
import Foundation

/// Answers to browsers, each with what keeps it to itself: no script but this server's own file, nothing from elsewhere,
/// no other page around it.
enum Answers {
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    static func text(
        _ text: String, _ type: String, status: HTTPStatusCode = .ok, more: [HTTPHeader: String] = [:]
    ) -> HTTPResponse {
        let data = Data(text.utf8)
        return HTTPResponse(
            statusCode: status, headers: headers(type).merging(more),
            body: HTTPBodySequence(data: data, suggestedBufferSize: max(data.count, 1)))
    }

    static func html(_ text: String, status: HTTPStatusCode = .ok, more: [HTTPHeader: String] = [:]) -> HTTPResponse {
        Self.text(text, "text/html; charset=utf-8", status: status, more: more)
    }

    /// A sentence, for what is no page.
    static func refusal(_ reason: String, _ status: HTTPStatusCode) -> HTTPResponse {
        text("journal: \(reason)\n", "text/plain; charset=utf-8", status: status)
    }

    static func redirect(to address: Address) -> HTTPResponse {
        text("", "text/plain; charset=utf-8", status: .seeOther, more: [.location: address.text])
    }

    static func headers(_ type: String) -> HTTPHeaders {
        HTTPHeaders([
            .contentType: type, .cacheControl: "no-store", HTTPHeader("Content-Security-Policy"): policy,
            HTTPHeader("X-Content-Type-Options"): "nosniff", HTTPHeader("Referrer-Policy"): "same-origin",
            HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
            HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin", HTTPHeader("X-Frame-Options"): "DENY",
        ])
    }
}

extension HTTPHeaders {
    fileprivate func merging(_ more: [HTTPHeader: String]) -> HTTPHeaders {
        var all = self
        for (header, value) in more { all[header] = value }
        return all
    }
}
