import Foundation
import Locking
import Wording

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Why a download failed, as a phrase.
struct DownloadError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Downloads a file into memory, in one attempt.
///
/// - Parameters:
///   - limit: how many bytes it may have; a longer answer is broken off.
///   - timeout: how many seconds the server may be silent. The whole may take twenty times as long.
/// - Throws: `DownloadError` if there was no answer, another one than 200, or not all of it.
func download(_ address: URL, limit: Int, timeout: TimeInterval) throws -> Data {
    let receiver = DownloadReceiver(limit: limit)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeout
    configuration.timeoutIntervalForResource = 20 * timeout
    let session = URLSession(configuration: configuration, delegate: receiver, delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    session.dataTask(with: address).resume()
    return try receiver.wait(seconds: 20 * timeout)
}

/// Collects one answer as it arrives, on the session's thread, and hands it to the thread that waits.
private final class DownloadReceiver: NSObject, URLSessionDataDelegate, Sendable {
    private struct Progress {
        var content = Data()
        var failure: String?
    }

    private let limit: Int
    private let progress = Locked(Progress())
    private let finished = DispatchSemaphore(value: 0)

    init(limit: Int) {
        self.limit = limit
    }

    func wait(seconds: TimeInterval) throws -> Data {
        guard finished.wait(timeout: .now() + seconds) == .success else {
            throw DownloadError("not finished after \(counted(Int(seconds), "second"))")
        }
        return try progress.withLock { progress in
            if let failure = progress.failure { throw DownloadError(failure) }
            return progress.content
        }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let status = (response as? HTTPURLResponse)?.statusCode
        if let status, status != 200 {
            fail("the server answered with status \(status)")
        } else if response.expectedContentLength > Int64(limit) {
            fail("it has \(response.expectedContentLength) bytes, more than the \(limit) expected at most")
        }
        completionHandler(progress.withLock { $0.failure } == nil ? .allow : .cancel)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLong = progress.withLock { progress in
            progress.content.append(data)
            return progress.content.count > limit
        }
        if isTooLong {
            fail("it goes on beyond the \(limit) bytes expected at most")
            dataTask.cancel()
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error {
            fail(reason(error))
        } else if let expected = task.response?.expectedContentLength, expected >= 0,
            task.response.map(isPlain) == true, expected != progress.withLock({ Int64($0.content.count) })
        {
            fail("cut short: \(counted(Int(expected), "byte")) were announced")
        }
        finished.signal()
    }

    /// Whether the announced length is that of the content as received, no compression having been taken off.
    private func isPlain(_ response: URLResponse) -> Bool {
        (response as? HTTPURLResponse)?.value(forHTTPHeaderField: "Content-Encoding") == nil
    }

    /// Keeps the first reason: that of the cancellation it causes comes later and says less.
    private func fail(_ reason: String) {
        progress.withLock { progress in
            progress.failure = progress.failure ?? reason
        }
    }
}
