import ArgumentParser
import Foundation
import JournalStore
import Page
import Scheduler

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Shows the journal in the browser.",
        discussion: """
            Experiments with their results, curves that grow while trials run, comparisons, specs and where they differ, \
            at an address that only this machine can reach:

              journal serve --open

            It only reads, never makes a run wait, and goes on until it is interrupted (Ctrl-C). Each page can be saved \
            as a file that stands alone.
            """)

    @OptionGroup var journal: JournalLocation

    @Option(
        help: ArgumentHelp(
            "The port to listen on; 0 takes any that is free. Without this option: \(Self.usualPort), or the next free one.",
            valueName: "n"))
    var port: UInt16?

    @Flag(help: "Opens the page in the browser.")
    var open = false

    private static let usualPort: UInt16 = 8321

    func run() throws {
        if let warning = Journal.warning(of: journal.path) { StandardError.write("\(warning)\n") }
        let server: PageServer
        do {
            server = try PageServer(
                journal: journal.path, programVersion: ProgramVersion.current, kinds: RecordedKinds.summaries(),
                port: port ?? Self.usualPort, isFixed: port != nil)
        } catch let taken as PageServer.PortTaken {
            let others = port == nil ? " and the twenty after it are" : " is"
            throw Failure(
                exitCode: EX_UNAVAILABLE,
                "port \(taken.port)\(others) taken by another program; name another with --port, or leave the option out "
                    + "to have the next free one")
        }
        let end = DispatchSemaphore(value: 0)
        let serving = Task {
            defer { end.signal() }
            try await server.run { [open, address = server.address, path = journal.path] in
                StandardError.write("\(path) is at \(address) (Ctrl-C ends)\n")
                if open { Self.show(address) }
            }
        }
        let interruption = Interruption(StopFlag()) { serving.cancel() }
        end.wait()
        withExtendedLifetime(interruption) {}
    }

    /// Has the desktop's browser show an address; where there is none, the person reads it.
    private static func show(_ address: String) {
        #if canImport(Darwin)
            let program = "/usr/bin/open"
        #else
            let program = "/usr/bin/xdg-open"
        #endif
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [address]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { StandardError.write("No browser was found to open it with.\n") }
    }
}
