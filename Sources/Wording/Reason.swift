import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Why something failed, as a phrase to go on after a colon.
///
/// Foundation's errors print as their fields; what they mean is put into words here. Other errors describe themselves.
public func reason(_ error: any Error) -> String {
    guard let fault = foundationError(error) else { return "\(error)" }
    if let cause = systemError(under: fault) { return reason(systemError: cause) }
    let words = fault.domain == NSURLErrorDomain ? networkWords[fault.code] : fileWords[fault.code]
    return words ?? "an unforeseen fault (\(fault.domain), code \(fault.code))"
}

/// What the system calls an error of one of its calls, such as `No space left on device`.
public func reason(systemError code: Int32) -> String { String(cString: strerror(code)) }

/// Whether an error is of Foundation's making, which describes itself in no words for people.
public func isFoundationError(_ error: any Error) -> Bool { foundationError(error) != nil }

private func foundationError(_ error: any Error) -> NSError? {
    switch error {
    case let error as CocoaError: return error as NSError
    case let error as URLError: return error as NSError
    case let error as POSIXError: return error as NSError
    default:
        let fault = error as NSError
        return type(of: error) is NSError.Type ? fault : nil
    }
}

private func systemError(under fault: NSError) -> Int32? {
    if fault.domain == NSPOSIXErrorDomain { return Int32(fault.code) }
    let cause = fault.userInfo[NSUnderlyingErrorKey] as? any Error
    return cause.flatMap { systemError(under: $0 as NSError) }
}

private let networkWords = words([
    (.timedOut, "no answer in time"),
    (.cannotFindHost, "there is no such server, or no network to ask"),
    (.dnsLookupFailed, "there is no such server, or no network to ask"),
    (.cannotConnectToHost, "the server cannot be reached"),
    (.networkConnectionLost, "the connection broke off"),
    (.notConnectedToInternet, "there is no network"),
    (.badServerResponse, "the server's answer is not understood"),
    (.secureConnectionFailed, "no secure connection to the server"),
    (.serverCertificateUntrusted, "the server's certificate is not trusted"),
    (.serverCertificateHasUnknownRoot, "the server's certificate is not trusted"),
    (.serverCertificateHasBadDate, "the server's certificate has expired"),
    (.serverCertificateNotYetValid, "the server's certificate is not valid yet"),
    (.unknown, "the connection failed"),
    (.cancelled, "it was broken off"),
    (.badURL, "the address is not one"),
    (.unsupportedURL, "addresses of this kind are not supported"),
])

private func words(_ table: [(URLError.Code, String)]) -> [Int: String] {
    Dictionary(uniqueKeysWithValues: table.map { ($0.0.rawValue, $0.1) })
}

private let fileWords: [Int: String] = {
    let table: [(CocoaError.Code, String)] = [
        (.fileNoSuchFile, "there is no such file"),
        (.fileReadNoSuchFile, "there is no such file"),
        (.fileReadNoPermission, "it may not be read"),
        (.fileReadCorruptFile, "it is damaged"),
        (.fileReadTooLarge, "it is too large"),
        (.fileReadUnknown, "it cannot be read"),
        (.fileWriteNoPermission, "it may not be written"),
        (.fileWriteOutOfSpace, "the disk is full"),
        (.fileWriteVolumeReadOnly, "the disk is read-only"),
        (.fileWriteFileExists, "there is a file already"),
        (.fileWriteInvalidFileName, "its name is not allowed"),
        (.fileReadInvalidFileName, "its name is not allowed"),
        (.fileWriteUnknown, "it cannot be written"),
    ]
    return Dictionary(uniqueKeysWithValues: table.map { ($0.0.rawValue, $0.1) })
}()
