import Datasets
import Dispatch
import Foundation
import MetaTraining
import Optimizers
import Problems
import TensorEngine

// usage: MetaStep DATA [META-STEPS] [THREADS] [second]
let arguments = CommandLine.arguments
let count = arguments.count > 2 ? Int(arguments[2])! : 10
let threads = arguments.count > 3 ? Int(arguments[3])! : 2
let library = DatasetLibrary(folder: URL(fileURLWithPath: arguments[1]))
let dataset = try library.load(name: "mnist", fallback: nil, seed: 1) { print($0) }
let problem = Classification(
    dataset: dataset, student: Student(inputs: 784, hidden: [20], classes: 10), batchSize: 128)

struct Concurrent: PieceExecutor {
    func run(pieces count: Int, _ body: @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count, execute: body)
    }
}

let executor: any PieceExecutor = threads == 1 ? SerialPieces() : Concurrent()
let seconds = MetaStepTiming.seconds(
    problem, RecurrentOptimizer(), steps: 20, secondDerivatives: arguments.last == "second", count: count,
    as: Float.self, on: executor, now: { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
).sorted()
print("journal seconds per meta-step: median \(seconds[seconds.count / 2]) min \(seconds[0])")
