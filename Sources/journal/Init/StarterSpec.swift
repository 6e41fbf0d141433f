import Nouns

/// A spec to begin with: complete, small enough to run in seconds on digits that the program draws itself, and with a
/// comment at each of its parts.
enum StarterSpec: String, CaseIterable {
    case compare, tune, learn

    /// What it does, to go on after the file's name.
    var summary: String {
        switch self {
        case .compare: "four hand-designed optimizers side by side"
        case .tune: "three hand-designed optimizers, each with the best of several learning rates"
        case .learn: "an optimizer that is learned, against two hand-designed ones"
        }
    }

    /// What to call after it was written to a file.
    func nextSteps(file: String, name: String) -> [String] {
        let run = ["journal run \(file) --dry-run", "journal run \(file)"]
        return switch self {
        case .compare: run + ["journal compare \(name)", "journal plot \(name)"]
        case .tune: run + ["journal compare \(name)", "journal compare \(name) --tuning"]
        case .learn:
            run + [
                "journal compare \(name)", "journal plot \(name) --metric metaLoss",
                "journal export optimizer \(name) --to \(name).safetensors",
            ]
        }
    }

    /// The file's text.
    func text(named name: String) -> String {
        """
        {
          "$comment": "\(summary.prefix(1).uppercased() + summary.dropFirst()). Any object may have such a $comment; it changes nothing. docs/spec.md has every field.",
          "name": \(name.quotedAsJSON),
          "question": "\(question)",
          "seed": 1,
          "problem": {
            "$comment": "What is optimized: a network with one hidden layer, on digits that the program draws itself. For real ones: \\"mnist\\" or \\"fashion-mnist\\"; other kinds of problems are quadratic, lasso, rastrigin.",
            "kind": "classification",
            "dataset": "synthetic-digits",
            "student": {"hidden": [\(self == .learn ? 4 : 20)], "activation": "sigmoid"},
            "batchSize": 64
          },
        \(parts)
        }

        """
    }

    private var question: String {
        switch self {
        case .compare: "Which hand-designed optimizer is furthest after 100 steps?"
        case .tune: "Which optimizer is furthest after 100 steps when each has its best learning rate?"
        case .learn: "Does an optimizer that is learned in seconds keep up with tuned hand-designed ones?"
        }
    }

    private var parts: String {
        switch self {
        case .compare:
            """
              "evaluation": {
                "$comment": "How they are compared: each takes 100 steps, 8 times; all begin at the same 8 points and see the same examples, so that they are compared seed by seed.",
                "steps": 100,
                "repeats": 8,
                "optimizers": [
                  {"kind": "sgd", "learningRate": 1},
                  {"kind": "momentum", "learningRate": 0.3},
                  {"kind": "rmsprop", "learningRate": 0.01},
                  {"kind": "adam", "learningRate": 0.03, "$comment": "What is left out, such as beta1, has its usual value."}
                ]
              }
            """
        case .tune:
            """
              "evaluation": {
                "$comment": "How they are compared: each takes 100 steps, 8 times, with the learning rate that was best on other seeds: those of tuning.",
                "steps": 100,
                "repeats": 8,
                "tuning": {"repeats": 3},
                "optimizers": [
                  {"kind": "sgd", "learningRate": {"tune": [10, 3, 1]}},
                  {"kind": "rmsprop", "learningRate": {"tune": [0.1, 0.03, 0.01]}},
                  {"kind": "adam", "learningRate": {"tune": [0.1, 0.03, 0.01]}, "$comment": "If the best one is at an edge of its list, make the list longer there: compare says so."}
                ]
              }
            """
        case .learn:
            """
              "metaTraining": {
                "$comment": "How an optimizer is learned: an LSTM that is the same for every weight of the network. Each epoch trains one network for 100 steps and changes the LSTM after every 20. More epochs make it better.",
                "optimizer": {"kind": "lstm", "layers": [10], "inputs": {"kind": "logAndSign", "k": 10}, "outputScale": 0.1},
                "epochs": 40,
                "steps": 100,
                "unrollLength": 20,
                "learningRate": 0.01,
                "secondDerivatives": false,
                "evaluation": {"every": 10, "epochs": 4, "$comment": "After every 10 epochs it is tried on 4 networks, and the best one is kept."}
              },
              "evaluation": {
                "$comment": "How it is compared with others: 100 steps, 8 times, on networks that it did not learn from.",
                "steps": 100,
                "repeats": 8,
                "optimizers": [
                  {"kind": "trained"},
                  {"kind": "sgd", "learningRate": {"tune": [10, 3, 1]}},
                  {"kind": "adam", "learningRate": {"tune": [0.1, 0.03, 0.01]}}
                ]
              }
            """
        }
    }
}
