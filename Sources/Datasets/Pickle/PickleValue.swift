/// A value that a pickle makes. What has parts refers to them by number in `PickleParts`, so that values nested however
/// deep, or inside themselves, are as easily dropped as numbers.
enum PickleValue: Hashable {
    case none
    case boolean(Bool)
    case integer(Int)

    /// Bytes that stand at these places of the file.
    case bytes(Range<Int>)

    /// Text in UTF-8 at these places of the file, or a string of Python 2 that is used as one.
    case text(Range<Int>)

    /// Bytes, each of which the file spells as a character of text in UTF-8, as Python 3 writes protocol 2.
    case spelledBytes(Range<Int>)

    case tuple(Int)
    case list(Int)

    /// Its parts are keys and values in turn.
    case dictionary(Int)

    /// The code of a type of array elements, such as `u1`.
    case elementType(Range<Int>)
    case array(Int)
    case global(PickleGlobal)
}

/// The functions and classes of Python that a pickle of arrays names. They are known by name and never called: what
/// they would make is made here.
enum PickleGlobal: Hashable {
    case reconstruct, ndarray, elementType, encode, fromBuffer

    /// By module and name; numpy 2 has renamed its modules.
    static let known: [String: PickleGlobal] = [
        "numpy.core.multiarray _reconstruct": .reconstruct, "numpy._core.multiarray _reconstruct": .reconstruct,
        "numpy.core.numeric _frombuffer": .fromBuffer, "numpy._core.numeric _frombuffer": .fromBuffer,
        "numpy ndarray": .ndarray, "numpy dtype": .elementType, "_codecs encode": .encode,
    ]
}

/// An array of numpy.
struct PickledArray: Hashable {
    let shape: [Int]
    /// Where the file has the code of its type.
    let elementType: Range<Int>
    /// Whether the first index is the fastest.
    let isFortranOrdered: Bool
    let content: PickleValue
}

/// What the values of a pickle consist of.
struct PickleParts {
    /// Of tuples, lists and dictionaries.
    var values: [[PickleValue]] = []
    /// An array is nil before its state is set.
    var arrays: [PickledArray?] = []

    mutating func add(_ parts: [PickleValue]) -> Int {
        values.append(parts)
        return values.count - 1
    }

    mutating func add(_ array: PickledArray?) -> Int {
        arrays.append(array)
        return arrays.count - 1
    }
}
