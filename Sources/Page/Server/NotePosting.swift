import FlyingFox
import Foundation
import JournalStore

/// A note that a page's form sends: the one thing that pages write.
extension PageRouter {
    /// Bytes of a form, encoded, up to which it is taken.
    private static let mostBytes = 1 << 20

    func post(_ request: HTTPRequest) async -> HTTPResponse {
        guard request.target.path() == "/notes" else {
            return Answers.refusal("nothing can be sent there", .methodNotAllowed)
        }
        let type = request.headers[.contentType]?.lowercased() ?? ""
        guard type.hasPrefix("application/x-www-form-urlencoded") else {
            return Answers.refusal("a note comes as the page's form sends it", .unsupportedMediaType)
        }
        guard let length = request.headers[.contentLength].flatMap(Int.init), length <= Self.mostBytes else {
            return Answers.refusal("a note has at most \(Self.mostBytes / 1024) KiB", .payloadTooLarge)
        }
        guard let body = try? await request.bodyData else {
            return Answers.refusal("the form did not arrive", .badRequest)
        }
        let fields = Address.fields(String(decoding: body, as: UTF8.self)[...])
        func field(_ name: String) -> String? { fields.last { $0.name == name }?.value }
        guard gate.admits(field("token")) else {
            return Answers.refusal("the note does not come from a page of this server: load the page again", .forbidden)
        }
        // Browsers send each end of a line as two characters.
        let text = (field("text") ?? "").replacingOccurrences(of: "\r\n", with: "\n")
        do {
            let place = try await add(
                text, experiment: field("experiment"), trial: field("trial").flatMap { Int64($0) },
                kind: field("concludes") == nil ? .note : .conclusion)
            return Answers.redirect(to: place)
        } catch let error as JournalError {
            return fault(
                error.message, Address([]),
                error.kind == .missing ? .notFound : error.kind == .usage ? .badRequest : .internalServerError)
        } catch {
            return fault("\(error)", Address([]), .internalServerError)
        }
    }

    /// Writes it on a thread that may wait for a run's commit, and says where it is shown.
    private func add(_ text: String, experiment: String?, trial: Int64?, kind: NoteKind) async throws -> Address {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let (version, trial) = try door.read { try Self.entry(experiment, trial, $0) }
                        try door.write {
                            _ = try $0.addNote(text, to: version, trial: trial, kind: trial == nil ? kind : .note)
                        }
                        return trial?.address ?? version.address
                    })
            }
        }
    }

    private static func entry(
        _ experiment: String?, _ trial: Int64?, _ journal: Journal
    ) throws -> (version: ExperimentRecord, trial: TrialRecord?) {
        if let trial {
            let record = try journal.trial(trial)
            return (try journal.experiment(record.experiment), record)
        }
        guard let experiment else { throw JournalError(.usage, "the form does not say what the note is on") }
        return (try journal.experiment(named: experiment), nil)
    }
}
