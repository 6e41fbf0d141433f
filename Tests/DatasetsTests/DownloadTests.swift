import Foundation
import Testing

@testable import Datasets

@Suite struct DownloadTests {
    private static let official = Dictionary(
        uniqueKeysWithValues: TestFiles.parts().map { ("/files/\($0.name).gz", TestFiles.gzip($0.bytes)) })

    @Sendable private static func serveOfficialFiles(_ path: String) -> [UInt8] {
        official[path].map { LoopbackServer.response("200 OK", $0) } ?? LoopbackServer.response("404 Not Found", [])
    }

    private func request(_ folder: TemporaryFolder, _ mirrors: [URL], report: @escaping (String) -> Void = { _ in })
        -> DatasetRequest
    {
        DatasetRequest(folders: [folder.url], mirrors: mirrors, timeout: 5, seed: 1, report: report)
    }

    private let keptFiles = TestFiles.parts().map { "small/\($0.name).gz" }.sorted()

    @Test func officialFilesAreFetchedAndKept() throws {
        let server = try LoopbackServer(Self.serveOfficialFiles)
        defer { server.stop() }
        let folder = try TemporaryFolder()
        let reports = Reports()
        let fetched = try TestFiles.source().load(request(folder, [server.address], report: reports.add))
        #expect(fetched.origin == .downloaded(server.address))
        #expect(fetched.note == nil)
        #expect(fetched.training.labels == [3, 1, 4, 1, 9])
        #expect(folder.files() == keptFiles)
        #expect(reports.messages.count == 4)

        let read = try TestFiles.source().load(request(folder, []))
        #expect(read.origin == .officialFiles(folder.url.appendingPathComponent("small", isDirectory: true)))
        #expect(read.checksum == fetched.checksum)
        #expect(server.requestedPaths.count == 4)
    }

    @Test func onlyMissingFilesAreFetched() throws {
        let server = try LoopbackServer(Self.serveOfficialFiles)
        defer { server.stop() }
        let folder = try TemporaryFolder()
        for part in TestFiles.parts().dropFirst() { try folder.write(part.bytes, to: "small/\(part.name)") }
        let fetched = try TestFiles.source().load(request(folder, [server.address]))
        #expect(fetched.training.count == 5)
        #expect(server.requestedPaths == ["/files/train-images-idx3-ubyte.gz"])
    }

    @Test func theNextMirrorStepsInForOneThatFails() throws {
        let empty = try LoopbackServer { _ in LoopbackServer.response("404 Not Found", Array("no".utf8)) }
        let good = try LoopbackServer(Self.serveOfficialFiles)
        defer {
            empty.stop()
            good.stop()
        }
        let folder = try TemporaryFolder()
        let fetched = try TestFiles.source().load(
            request(folder, [LoopbackServer.refusingAddress(), empty.address, good.address]))
        #expect(fetched.origin == .downloaded(good.address))
        #expect(empty.requestedPaths.count == 1, "a mirror that failed is not asked again")
        #expect(folder.files() == keptFiles)
    }

    enum Fault: CaseIterable {
        case refused, notFound, cutShort, cutShortUnannounced, wrongBytes, notGzip, closed
    }

    @Test(arguments: Fault.allCases) func afterAFailureNothingIsLeftBehind(_ fault: Fault) throws {
        let whole = TestFiles.gzip(TestFiles.parts()[0].bytes)
        let server = try LoopbackServer { _ in
            switch fault {
            case .notFound: LoopbackServer.response("404 Not Found", Array("<html>".utf8))
            case .cutShort: LoopbackServer.response("200 OK", Array(whole.dropLast(20)), announced: whole.count)
            case .cutShortUnannounced:
                Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8) + whole.dropLast(20)
            case .wrongBytes:
                LoopbackServer.response("200 OK", TestFiles.gzip(TestFiles.idx([1, 2, 3], [1, 2, 3, 4, 5, 6])))
            case .notGzip: LoopbackServer.response("200 OK", Array("<html>not here</html>".utf8))
            case .closed, .refused: []
            }
        }
        if fault == .refused { server.stop() }
        defer { if fault != .refused { server.stop() } }
        let folder = try TemporaryFolder()
        do {
            _ = try TestFiles.source().load(request(folder, [server.address]))
            Issue.record("the download must fail")
        } catch let error as DatasetError {
            #expect(error.kind == .unavailable)
            #expect(error.description.contains("\(server.address.absoluteString)train-images-idx3-ubyte.gz: "))
            #expect(error.description.contains(folder.url.path))
            for dump in ["Error Domain", "operation could", "(null)", "unforeseen"] {
                #expect(!error.description.contains(dump), "\(error.description)")
            }
            switch fault {
            case .notFound: #expect(error.description.contains("status 404"))
            case .wrongBytes: #expect(error.description.contains("not the official bytes"))
            case .cutShortUnannounced: #expect(error.description.contains("cut short"))
            case .notGzip: #expect(error.description.contains("not an IDX file"))
            case .refused: #expect(error.description.contains("the server cannot be reached"))
            case .cutShort, .closed: break
            }
        }
        #expect(folder.files() == [])
    }

    @Test func answersBeyondTheLimitAreBrokenOff() throws {
        let announced = try LoopbackServer { _ in
            LoopbackServer.response("200 OK", [UInt8](repeating: 1, count: 2000))
        }
        let unannounced = try LoopbackServer { _ in
            Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8) + [UInt8](repeating: 1, count: 2000)
        }
        defer {
            announced.stop()
            unannounced.stop()
        }
        for server in [announced, unannounced] {
            #expect(throws: DownloadError.self) { try download(server.address, limit: 1000, timeout: 5) }
        }
    }

    @Test func aSilentServerIsNotWaitedForLong() throws {
        let server = try LoopbackServer { _ in
            Thread.sleep(forTimeInterval: 10)
            return []
        }
        defer { server.stop() }
        let start = ContinuousClock.now
        #expect(throws: DownloadError.self) { try download(server.address, limit: 1000, timeout: 1) }
        #expect(ContinuousClock.now - start < .seconds(8))
    }

    @Test func aFolderThatCannotBeWrittenCostsNoRun() throws {
        let server = try LoopbackServer(Self.serveOfficialFiles)
        defer { server.stop() }
        let folder = try TemporaryFolder()
        try folder.write([1], to: "small")
        let reports = Reports()
        let fetched = try TestFiles.source().load(request(folder, [server.address], report: reports.add))
        #expect(fetched.test.count == 3)
        #expect(reports.messages.contains { $0.contains("could not be kept") })
    }
}
