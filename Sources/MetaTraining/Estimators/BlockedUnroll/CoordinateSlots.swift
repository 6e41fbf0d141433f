import TensorEngine

/// Which coordinates rest, and where the state of the others lies: each of those has a slot.
///
/// The first layer's weights from pixels that were black in every minibatch rest: of a student of MNIST almost a third
/// of the coordinates at the first step, and an eighth after 100. Who wakes takes the next free slot, so that few
/// blocks of slots hold both kinds.
final class CoordinateSlots: @unchecked Sendable {
    private let count: Int
    /// The slot of each coordinate; -1 for those that rest.
    private let slots: UnsafeMutablePointer<Int32>
    /// The coordinates that have slots, by slot: the first `awakeCount`.
    private var awake: UnsafeMutablePointer<Int32>
    private var nextAwake: UnsafeMutablePointer<Int32>
    /// Those that rest, in order: the first `restingCount`.
    private let resting: UnsafeMutablePointer<Int32>
    private(set) var awakeCount = 0
    private(set) var restingCount = 0

    init(count: Int) {
        self.count = count
        slots = .allocate(capacity: count)
        awake = .allocate(capacity: count)
        nextAwake = .allocate(capacity: count)
        resting = .allocate(capacity: count)
        start()
    }

    deinit {
        for list in [slots, awake, nextAwake, resting] { list.deallocate() }
    }

    /// The slot of each coordinate; -1 for those that rest.
    var ofCoordinates: UnsafePointer<Int32> { UnsafePointer(slots) }

    /// The coordinates of the slots.
    var coordinates: UnsafePointer<Int32> { UnsafePointer(awake) }

    /// The coordinates that rest, in order.
    var restingCoordinates: UnsafePointer<Int32> { UnsafePointer(resting) }

    /// Has all coordinates rest.
    func start() {
        awakeCount = 0
        restingCount = count
        for coordinate in 0..<count {
            slots[coordinate] = -1
            resting[coordinate] = Int32(coordinate)
        }
    }

    /// Wakes the coordinates that have a gradient. Only +0 is none: what an optimizer makes of -0 may be something
    /// else.
    ///
    /// - Parameter gradient: of all coordinates.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func wake<Scalar: TensorScalar>(_ gradient: UnsafeMutablePointer<Scalar>) {
        var kept = 0
        for index in 0..<restingCount {
            let coordinate = Int(resting[index])
            let value = gradient[coordinate]
            if value == 0, value.sign == .plus {
                resting[kept] = Int32(coordinate)
                kept += 1
            } else {
                slots[coordinate] = Int32(awakeCount)
                awake[awakeCount] = Int32(coordinate)
                awakeCount += 1
            }
        }
        restingCount = kept
    }

    /// Whether the slots' coordinates lie in far more rows of neighbours than they need to, and in short ones: all that
    /// is read of a block is copied together row by row. So it is where coordinates woke one here and one there, as
    /// those of units do that few examples switch on.
    var isScattered: Bool {
        var (rows, fewest) = (0, 0)
        for slot in 0..<awakeCount where slot == 0 || awake[slot] != awake[slot - 1] + 1 { rows += 1 }
        for coordinate in 0..<count where slots[coordinate] >= 0 && (coordinate == 0 || slots[coordinate - 1] < 0) {
            fewest += 1
        }
        return rows > 2 * fewest && rows > awakeCount / 16
    }

    /// Numbers the slots in the order of their coordinates.
    ///
    /// - Parameter move: moves what lies in the slots as they were; given the coordinates in their new order.
    func sort(_ move: (_ order: UnsafePointer<Int32>) -> Void) {
        var slot = 0
        for coordinate in 0..<count where slots[coordinate] >= 0 {
            nextAwake[slot] = Int32(coordinate)
            slot += 1
        }
        move(UnsafePointer(nextAwake))
        swap(&awake, &nextAwake)
        for slot in 0..<awakeCount { slots[Int(awake[slot])] = Int32(slot) }
    }
}
