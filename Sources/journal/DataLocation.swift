import ArgumentParser
import Datasets
import Foundation
import Registry

/// Where the data are: an option of all commands that look for them.
struct DataLocation: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder that holds the data. Without this option: $JOURNAL_DATA, or the user's cache folder.",
            valueName: "folder"), completion: .directory)
    var dataDir: String?

    /// The folder that is named; nil for the user's cache folder.
    var folder: String? { dataDir ?? Arguments.path(inEnvironment: "JOURNAL_DATA") }

    var library: DatasetLibrary {
        DatasetLibrary(Registry.standard.datasets, folder: folder.map { URL(fileURLWithPath: $0, isDirectory: true) })
    }
}
