import Optimizers
import Problems
import TensorEngine

/// The students of one meta-step: several optimizations that are unrolled side by side, each at a window of its own, whose
/// meta-gradients are averaged.
///
/// Of N students, each epoch of W unrolls has student i begin at its unroll ⌊i W / N⌋, and with another problem once it
/// is through, so that every meta-step sees windows from the whole of training (Vicol, Metz and Sohl-Dickstein 2021,
/// arXiv:2112.13835, section 5: staggered particles). It comes to its first window by unrolls that nothing is learned
/// from: (N − 1) / 2 N of the epoch's forward steps. Nothing is kept from one epoch to the next.
///
/// Memory and work: N times those of one student. Results depend neither on the number of threads nor on who is first.
final class StudentsSideBySide<Scalar: TensorScalar> {
    /// What one meta-step came to.
    struct MetaStep {
        /// The mean over the students whose own meta-loss and meta-gradient are finite; not a number where none's are.
        var metaLoss: Double
        /// How many students' are not.
        var notFinite: Int
        /// The first of those meta-losses; nil where a meta-gradient was what was not finite.
        var faultyLoss: Double?
    }

    private let family: any ProblemFamily
    private let optimizers: ParameterGroups
    private let estimation: MetaGradientEstimation
    private let memory: (any EstimatorMemory<Scalar>)?
    private let students: [Student]
    private var unroll: Unroll?

    /// One of the students, and where its part of the meta-gradient goes.
    private final class Student {
        var parameters: [Parameter] = []
        var estimator: (any MetaGradientEstimator<Scalar>)?
        let metaGradient: ElementBuffer<Scalar>
        var metaLoss = 0.0
        var isFinite = true
        var key = RandomKey(seed: 0)
        /// The epoch's unroll with which it begins another problem.
        var change = 0
        /// How many problems of the epoch it has had to leave.
        var restarts: UInt64 = 0

        init(count: Int) { metaGradient = ElementBuffer(count: count) }

        /// Runs its next unroll, and sees whether what comes of it is finite.
        func run(
            _ metaParameters: ElementBuffer<Scalar>, _ metaGradient: ElementBuffer<Scalar>,
            on executor: any PieceExecutor
        ) {
            metaLoss = estimator!.run(metaParameters: metaParameters, metaGradient: metaGradient, on: executor)
            isFinite = metaLoss.isFinite && metaGradient.isFinite()
        }
    }

    /// - Parameters:
    ///   - count: N.
    ///   - metaGradientCount: elements of the vectors that meta-gradients are written to.
    ///   - memory: what the estimator keeps from problem to problem, for N = 1 alone.
    init(
        _ family: any ProblemFamily, _ optimizers: ParameterGroups, _ estimation: MetaGradientEstimation, count: Int,
        metaGradientCount: Int, memory: (any EstimatorMemory<Scalar>)?
    ) {
        precondition(memory == nil || count == 1, "students side by side would share a memory")
        self.family = family
        self.optimizers = optimizers
        self.estimation = estimation
        self.memory = memory
        students = (0..<count).map { _ in Student(count: metaGradientCount) }
    }

    /// How many of the first tensors of meta-parameters are not learned.
    var heldTensors: Int { students[0].estimator?.heldTensors ?? 0 }

    /// Begins an epoch.
    ///
    /// - Parameters:
    ///   - unrolls: W.
    ///   - metaParameters: what the students come to their first windows with.
    /// - Throws: `TrialFailure` where a parameter has no optimizer.
    func start(
        key: RandomKey, _ unroll: Unroll, unrolls: Int, metaParameters: ElementBuffer<Scalar>,
        on executor: any PieceExecutor
    ) throws {
        let isNew = self.unroll != unroll
        self.unroll = unroll
        for (index, student) in students.enumerated() {
            if isNew { student.estimator = nil }
            student.restarts = 0
            // The first student is the one that is alone where there are no others.
            student.key = index == 0 ? key : key.derived("student", UInt64(index))
            let window = index * unrolls / students.count
            student.change = unrolls - window
            try begin(student, key: student.key)
        }
        let this = UncheckedSendable((students: students, metaParameters: metaParameters))
        executor.run(pieces: students.count) { index in
            let student = this.value.students[index]
            for _ in student.change..<unrolls {
                student.estimator!.skip(metaParameters: this.value.metaParameters, student.metaGradient, on: executor)
            }
        }
    }

    /// Has each student run its next unroll.
    ///
    /// - Parameters:
    ///   - index: of the meta-step in the epoch.
    ///   - metaGradient: where the mean of the finite ones goes.
    func run(
        _ index: Int, metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>,
        on executor: any PieceExecutor
    ) throws -> MetaStep {
        for student in students {
            if index > 0, index == student.change {
                try begin(student, key: student.key.derived("second problem"))
            } else if !student.isFinite {
                student.restarts += 1
                try begin(student, key: student.key.derived("restart", student.restarts))
            }
        }
        if students.count == 1 {
            students[0].run(metaParameters, metaGradient, on: executor)
        } else {
            let this = UncheckedSendable((students: students, metaParameters: metaParameters))
            executor.run(pieces: students.count) { index in
                let student = this.value.students[index]
                student.run(this.value.metaParameters, student.metaGradient, on: executor)
            }
            average(into: metaGradient)
        }
        let finite = students.filter(\.isFinite)
        let faulty = students.first { !$0.isFinite }
        return MetaStep(
            metaLoss: finite.isEmpty ? .nan : finite.reduce(0) { $0 + $1.metaLoss } / Double(finite.count),
            notFinite: students.count - finite.count,
            faultyLoss: faulty.flatMap { $0.metaLoss.isFinite ? nil : $0.metaLoss })
    }

    /// Gives back memory that only an epoch needs.
    func endEpoch() { for student in students { student.estimator?.endEpoch() } }

    /// How well meta-parameters imitate, where that is what is learned.
    func errors(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) -> ImitationErrors? {
        students[0].estimator?.errors(metaParameters, on: executor)
    }

    /// Compiles what the problem of this key needs, unless the last one was alike, and begins it.
    private func begin(_ student: Student, key: RandomKey) throws {
        let problem = family.problem(key)
        if student.estimator == nil || student.parameters != problem.parameters {
            student.estimator = try estimation.estimator(problem, optimizers, unroll!, memory: memory)
            student.parameters = problem.parameters
        }
        student.isFinite = true
        student.estimator!.start(key: key)
    }

    /// In the students' order, whoever was first.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func average(into metaGradient: ElementBuffer<Scalar>) {
        metaGradient.clear()
        let finite = students.filter(\.isFinite)
        let share = 1 / Scalar(max(finite.count, 1))
        for student in finite {
            for index in 0..<metaGradient.count {
                metaGradient.start[index] += share * student.metaGradient.start[index]
            }
        }
    }
}

extension ElementBuffer {
    /// Whether all of its elements are numbers, and none is infinite.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func isFinite() -> Bool { (0..<count).allSatisfy { start[$0].isFinite } }
}
