import ArgumentParser

/// A computation that is measured: ours, and that of the programs beside it.
enum Work: String, CaseIterable, ExpressibleByArgument {
    /// Meta-steps of the main experiment.
    case learningToLearn = "l2l-mnist"
    /// The same with derivatives through the optimizee's gradient.
    case secondDerivatives = "l2l-mnist-second"
    /// Meta-steps on the quadratic functions.
    case quadratic
    /// Meta-steps of a perceptron on each coordinate, with derivatives through the optimizee's gradient.
    case perceptron = "mlp-second"
    /// The same by persistent evolution strategies, and those of the LSTM.
    case perceptronEvolution = "mlp-pes"
    case recurrentEvolution = "lstm-pes"
    /// Whole trials of a network and Adam, recorded.
    case trials
    /// Steps of a network and Adam.
    case student
    /// Steps of a convolutional network and Adam.
    case convnet
    /// Steps of Hessian-free optimization, on a network and on a convolutional one.
    case hessianFree = "hessian-free-mlp"
    case hessianFreeConvnet = "hessian-free-convnet"
    /// Meta-steps of MLHF.
    case learnedHessianFree = "mlhf-mlp"

    /// What one measured time is of.
    var title: String {
        switch self {
        case .learningToLearn: "`l2l-mnist`: a meta-step of 20 steps, 15,910 parameters"
        case .secondDerivatives: "the same with second derivatives (`l2l-mnist-second`)"
        case .quadratic: "`quadratic`: a meta-step of 20 steps, 128 problems of 10 variables"
        case .perceptron: "`mlp-second`: a meta-step of 20 steps, `mlp`, second derivatives, 15,910 parameters"
        case .perceptronEvolution:
            "`mlp-pes`: the same by persistent evolution strategies with 8 pairs, 320 steps"
        case .recurrentEvolution: "`lstm-pes`: the same of the LSTM"
        case .trials:
            "`trials`: a trial of 100 steps of Adam, 784-20-10, batch 128, its losses, final loss and test split"
        case .student: "`student`: a step of Adam, 784-128-128-10, batch 128"
        case .convnet: "`convnet`: a step of Adam, two 5×5 convolutions of 64 channels on 32×32×3, batch 64"
        case .hessianFree: "`hessian-free-mlp`: a step of 4 iterations, 3072-20-10, batch 128"
        case .hessianFreeConvnet:
            "`hessian-free-convnet`: a step of 4 iterations, two 5×5 convolutions of 16 channels on 32×32×3, batch 128"
        case .learnedHessianFree: "`mlhf-mlp`: a meta-step of 10 steps of 4 iterations, 3072-20-10, batch 128"
        }
    }

    /// How many times a process measures.
    var repeats: Int {
        switch self {
        case .trials: 3
        case .learningToLearn, .secondDerivatives, .perceptron, .perceptronEvolution, .recurrentEvolution, .student,
            .convnet, .learnedHessianFree:
            10
        case .hessianFree, .hessianFreeConvnet: 20
        case .quadratic: 40
        }
    }

    /// The peer programs' names begin with this.
    private var peerName: String {
        switch self {
        case .learningToLearn, .secondDerivatives, .quadratic: "learning_to_learn"
        case .perceptron, .perceptronEvolution, .recurrentEvolution: "learned_optimizers"
        case .trials: "trials"
        case .student: "student"
        case .convnet: "convnet"
        case .hessianFree, .hessianFreeConvnet, .learnedHessianFree: "hessian_free"
        }
    }

    /// The file of a library's program for this work.
    func peerFile(_ library: PeerLibrary) -> String { "\(peerName)_\(library.rawValue).py" }

    /// Who is measured on this work, in order.
    func contestants(threads: Int) -> [Contestant] {
        switch self {
        case .learningToLearn:
            let scaling: [Contestant] = threads > 1 ? [.journal(threads: 1), .journalSideBySide(threads)] : []
            return [.journal(threads: threads)] + scaling + [.peer(.jax), .peer(.torch)]
        case .secondDerivatives, .quadratic, .trials:
            return [.journal(threads: threads), .peer(.jax), .peer(.torch)]
        case .perceptron, .perceptronEvolution, .recurrentEvolution, .hessianFree, .hessianFreeConvnet,
            .learnedHessianFree:
            return [.journal(threads: threads), .peer(.jax)]
        case .student, .convnet:
            return [.journal(threads: threads), .peer(.jax), .peer(.torch), .compiledPeer(.torch)]
        }
    }
}
