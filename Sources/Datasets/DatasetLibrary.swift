import Foundation

/// Finds data sets by name: in the data folder, in the user's cache folder, on public mirrors, or by generating them.
public struct DatasetLibrary: Sendable {
    /// The data sets that it knows.
    public let sources: [any DatasetSource]
    /// Where files are looked for, in this order.
    public let folders: [URL]
    private let mirrors: [URL]?
    private let timeout: TimeInterval

    /// - Parameters:
    ///   - sources: the data sets that it knows.
    ///   - folder: the data folder, with a folder for each data set (`mnist/train-images-idx3-ubyte.gz`), or the folder
    ///     of one data set itself, or nil. `docs/datasets.md` has the forms that are read.
    ///   - cacheFolder: where files are looked for next, and where downloads go if there is no data folder.
    ///   - mirrors: addresses of folders to download from; nil for the well-known ones of each data set, an empty list
    ///     to download nothing.
    ///   - timeout: how many seconds a silent server is waited for.
    public init(
        _ sources: [any DatasetSource], folder: URL?, cacheFolder: URL = DatasetLibrary.userCacheFolder(),
        mirrors: [URL]? = nil,
        timeout: TimeInterval = 15
    ) {
        self.sources = sources
        self.folders = folder.map { [$0, cacheFolder] } ?? [cacheFolder]
        self.mirrors = mirrors
        self.timeout = timeout
    }

    /// Loads a data set. Files that are there but malformed are refused; only data that is nowhere to be had makes
    /// the fallback step in, and then `report` is told.
    ///
    /// Reads or generates everything at each call (about 0.3 s for MNIST, 1 s for synthetic digits): load once and
    /// share the result, whose copies cost nothing.
    ///
    /// - Parameters:
    ///   - name: one of the sources'.
    ///   - files: the numbers of the files that training examples are taken from (``DatasetRequest/files``).
    ///   - fallback: what to load if the data is neither in a folder nor to be fetched; one of the sources'.
    ///   - seed: what generated data is made from; files do not depend on it.
    ///   - report: receives messages for the person who waits.
    /// - Throws: `DatasetError`.
    public func load(
        name: String, files: [Int]? = nil, fallback: String? = nil, seed: UInt64,
        report: (String) -> Void = { _ in }
    ) throws -> Dataset {
        try load(source(named: name), files: files, fallback: fallback, seed: seed, report: report)
    }

    /// Loads a data set from a source, which need not be one that it knows; otherwise as above.
    public func load(
        _ source: any DatasetSource, files: [Int]? = nil, fallback: String? = nil, seed: UInt64,
        report: (String) -> Void = { _ in }
    ) throws -> Dataset {
        let fallbackSource = try fallback.map { try self.source(named: $0) }
        return try withoutActuallyEscaping(report) { report in
            var request = DatasetRequest(
                folders: folders, mirrors: mirrors, timeout: timeout, seed: seed, files: files, report: report)
            do {
                return try source.load(request)
            } catch let error as DatasetError where error.kind == .unavailable {
                guard let fallbackSource else { throw error }
                report(
                    """
                    \(error.problem) Using \(fallbackSource.name) in its place. To use \(source.name), put \(error.wanted), \
                    before an experiment is begun: it goes on only with the data that it began with.
                    """)
                request.files = nil
                var dataset = try fallbackSource.load(request)
                let standIn = "stands in for \(source.name), which was neither in the data folder nor to be fetched"
                dataset.note = [standIn, dataset.note].compactMap { $0 }.joined(separator: "; ")
                return dataset
            }
        }
    }

    /// Loads a data set from where it lies, fetching nothing, to see whether it is there and in order.
    ///
    /// - Throws: `DatasetError`, of kind `unavailable` where it is nowhere to be found.
    public func look(for source: any DatasetSource) throws -> Dataset {
        var request = DatasetRequest(folders: folders, mirrors: mirrors, timeout: timeout, seed: 1) { _ in }
        request.fetches = false
        return try source.load(request)
    }

    private func source(named name: String) throws -> any DatasetSource {
        guard let source = sources.first(where: { $0.name == name }) else {
            throw DatasetError(
                .unknownName,
                "There is no data set \"\(name)\"; there are \(sources.map(\.name).joined(separator: ", ")).")
        }
        return source
    }
}

extension DatasetLibrary {
    /// The folder for data in the user's cache: `$XDG_CACHE_HOME/journal/data` or `~/.cache/journal/data`; on macOS,
    /// unless `XDG_CACHE_HOME` is set, `~/Library/Caches/journal/data`.
    public static func userCacheFolder(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> URL {
        // The XDG base directory specification has relative paths ignored.
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            return URL(fileURLWithPath: cache, isDirectory: true)
                .appendingPathComponent("journal/data", isDirectory: true)
        }
        #if os(macOS)
            let cache = "Library/Caches/journal/data"
        #else
            let cache = ".cache/journal/data"
        #endif
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0, isDirectory: true) : nil }
        return (home ?? FileManager.default.homeDirectoryForCurrentUser)
            .appendingPathComponent(cache, isDirectory: true)
    }
}
