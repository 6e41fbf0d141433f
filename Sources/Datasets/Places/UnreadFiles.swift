import Foundation

extension FolderNames {
    /// A sentence on what lies where a data set's files are looked for, or goes by its name, and is in no form that is
    /// read under a data set's name, such as `mnist.npz`; nil where there is nothing.
    func unread(in dataFolders: [URL]) -> String? {
        let found = dataFolders.flatMap { dataFolder in
            let named = names(dataFolder) ? [dataFolder] : []
            let inner = (own + around).map { dataFolder.appendingPathComponent($0, isDirectory: true) }
            return (named + inner).flatMap(Self.files) + namesakes(in: dataFolder)
        }
        var paths: [String] = []
        for path in found.map(\.path) where !paths.contains(path) { paths.append(path) }
        guard let first = paths.first else { return nil }
        let others = paths.count == 1 ? "" : paths.count == 2 ? " and \(paths[1])" : " and \(paths.count - 1) others"
        let verb = paths.count == 1 ? "is" : "are"
        let sentence = "\(first)\(others) \(verb) there, but \(verb) in no form that is read."
        guard let arrays = paths.first(where: { $0.lowercased().hasSuffix(".npz") }) else { return sentence }
        return sentence + " Arrays of NumPy are read as {\"kind\": \"files\", \"path\": \"\(arrays)\"}."
    }

    /// The files below a folder, the largest first: those are more likely meant than a README. No more of them than
    /// anyone would read about.
    private static func files(below folder: URL) -> [URL] {
        let enumerator = FileManager.default.enumerator(atPath: folder.path)
        let paths = (enumerator?.lazy.compactMap { $0 as? String }).map { Array($0.prefix(1000)) } ?? []
        let visible = paths.filter { path in !path.split(separator: "/").contains { $0.hasPrefix(".") } }
        let files = visible.map(folder.appendingPathComponent).filter(\.isPlainFile)
        func size(_ file: URL) -> Int {
            (try? FileManager.default.attributesOfItem(atPath: file.path))?[.size] as? Int ?? 0
        }
        return files.map { (-size($0), $0.path, $0) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    /// What lies beside the folders and is called as they are but for its ending: `cifar10.zip`, `mnist_784`.
    private func namesakes(in dataFolder: URL) -> [URL] {
        func letters(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
        let titles = Set((own + around).map(letters))
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: dataFolder.path)) ?? []
        return entries.sorted().filter { entry in
            let name = letters(entry)
            return !(own + around).contains(entry)
                && titles.contains { name.hasPrefix($0) && name.dropFirst($0.count).first?.isNumber != true }
        }.map(dataFolder.appendingPathComponent)
    }
}
