import Wording

/// A library whose programs do our work.
enum PeerLibrary: String, CaseIterable {
    case jax, torch

    /// The name that people know it by.
    var name: String {
        switch self {
        case .jax: "JAX"
        case .torch: "PyTorch"
        }
    }
}

/// One way to do a work, measured in processes of its own.
enum Contestant: Hashable, CustomStringConvertible {
    case journal(threads: Int)
    /// Processes of one thread each, at once.
    case journalSideBySide(Int)
    case peer(PeerLibrary)
    /// A library's own compiler, where it is optional.
    case compiledPeer(PeerLibrary)

    var description: String {
        switch self {
        case .journal(let threads): "journal, \(counted(threads, "thread"))"
        case .journalSideBySide(let count): "journal, \(count) processes side by side"
        case .peer(let library): library.name
        case .compiledPeer(let library): "\(library.name), compiled"
        }
    }

    var library: PeerLibrary? {
        switch self {
        case .journal, .journalSideBySide: nil
        case .peer(let library), .compiledPeer(let library): library
        }
    }

    /// How many processes run at once.
    var processes: Int {
        if case .journalSideBySide(let count) = self { count } else { 1 }
    }
}
