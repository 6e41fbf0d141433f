import TensorEngine

/// The states of an unroll: before each step and after the last.
///
/// What an optimizer with networks on every coordinate remembers is many times what the optimizee has. Where it would take
/// much to keep that of every state, states share memory for it, window by window of some steps, and on the way back a
/// window's are computed again from its first: for n steps some 2√n are kept instead of n, and each step is taken twice at
/// most. The bits are the same.
struct UnrollStates<Scalar: TensorScalar> {
    let all: [InnerState<Scalar>]
    /// How many steps a window has. The first state of each, and the last of all, share nothing.
    let window: Int

    /// What the optimizer's part of all states may take without sharing, in bytes.
    static var unshared: Int { 1 << 30 }

    /// - Parameters:
    ///   - length: how many steps.
    ///   - stateCount: how many numbers the optimizer remembers.
    ///   - make: makes a state whose optimizer's part has a memory that others may have too.
    init(
        length: Int, stateCount: Int, unshared: Int = Self.unshared,
        make: (_ optimizerState: ElementBuffer<Scalar>) -> InnerState<Scalar>
    ) {
        let window = Self.window(length: length, stateCount: stateCount, unshared: unshared)
        self.window = window
        let shared = (1..<max(window, 1)).map { _ in ElementBuffer<Scalar>(count: stateCount) }
        all = (0...length).map { index in
            let isOwn = index % window == 0 || index == length
            return make(isOwn ? ElementBuffer(count: stateCount) : shared[index % window - 1])
        }
    }

    var last: InnerState<Scalar> { all[all.count - 1] }

    /// How many memories for an optimizer's part the states of an unroll have.
    static func memories(length: Int, stateCount: Int, unshared: Int = Self.unshared) -> Int {
        memories(length: length, window: window(length: length, stateCount: stateCount, unshared: unshared))
    }

    private static func memories(length: Int, window: Int) -> Int { (length + window - 1) / window + window }

    /// The longest window with which the memories take no more than `unshared`, else that with the fewest of them.
    private static func window(length: Int, stateCount: Int, unshared: Int) -> Int {
        let longestFirst = (1...length).reversed()
        let most = unshared / max(stateCount * MemoryLayout<Scalar>.size, 1)
        return longestFirst.first { memories(length: length, window: $0) <= most }
            ?? longestFirst.min { memories(length: length, window: $0) < memories(length: length, window: $1) }!
    }

    /// Goes through all steps from the last back to the first.
    ///
    /// - Parameters:
    ///   - again: takes a step again, from one state to the next.
    ///   - body: is given the index of the state before a step, whose optimizer's part is there.
    func backwards(
        again: (_ from: InnerState<Scalar>, _ to: InnerState<Scalar>) -> Void, _ body: (_ index: Int) -> Void
    ) {
        let length = all.count - 1
        for index in (0..<length).reversed() {
            if (index + 1) % window == 0, index + 1 < length {
                for earlier in index + 1 - window..<index {
                    let next = all[earlier + 1]
                    let loss = next.loss
                    again(all[earlier], next)
                    next.loss = loss
                }
            }
            body(index)
        }
    }
}
