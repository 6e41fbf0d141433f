/// What an experiment's trials have come to so far, as far as plans go by it: which values tuning tries next is known only
/// when it is known which of those before was best.
///
/// So the plan of an experiment is a function of its spec and of the results that are there, whoever computed them and
/// when.
public struct PlanKnowledge: Sendable {
    private struct Place: Hashable {
        let problem: String
        let optimizer: String
        let replicate: Int?
    }

    private let rankings: [String: Double]
    private let choices: [Place: Set<String>]

    public static let nothing = PlanKnowledge(rankings: [:], choices: [])

    /// - Parameters:
    ///   - rankings: of each completed trial, by its identity, the number by which it is better than others; NaN where it
    ///     has none.
    ///   - choices: the candidates from which tuning has chosen already, each as canonical JSON, by the labels of problem
    ///     and optimizer, and by the replicate where several were trained.
    public init(
        rankings: [String: Double],
        choices: some Sequence<(problem: String, optimizer: String, replicate: Int?, candidate: String)>
    ) {
        self.rankings = rankings
        self.choices = choices.reduce(into: [:]) { choices, choice in
            let place = Place(problem: choice.problem, optimizer: choice.optimizer, replicate: choice.replicate)
            choices[place, default: []].insert(choice.candidate)
        }
    }

    /// The number by which a trial is better than others; nil until it is completed.
    func ranking(of trial: String) -> Double? { rankings[trial] }

    /// The candidates from which was chosen; nil until that.
    func choice(problem: String, optimizer: String, replicate: Int?) -> Set<String>? {
        choices[Place(problem: problem, optimizer: optimizer, replicate: replicate)]
    }
}
