import Nouns

/// Reads a pickle of Python as data: dictionaries, lists, tuples, texts, integers and arrays of numpy. Nothing that it
/// names is called, and what it may not name is refused.
///
/// Texts and arrays stay in the file's bytes, so that the memory taken does not exceed the file's size by much; that
/// of the operations is bounded.
struct PickleReader {
    var input: PickleInput
    var parts = PickleParts()
    private var stack: [PickleValue] = []
    /// How high the stack was at each open mark.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    /// Where the current operation stands.
    private(set) var offset = 0

    /// Arrays are most of a file of images: each image takes thousands of bytes, and a handful of operations for its
    /// labels and its name.
    private static func greatestOperations(_ byteCount: Int) -> Int { 4096 + byteCount / 128 }

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - path: what messages call it.
    init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) {
        input = PickleInput(bytes, path: path)
    }

    /// The value of the whole pickle.
    ///
    /// - Throws: `DatasetError` of kind `malformedFile`.
    mutating func read() throws -> PickleValue {
        let start = input.bytes.prefix(2)
        guard start.count == 2, start[0] == PickleOpcode.protocolVersion.rawValue, (2...5).contains(start[1]) else {
            let found = start.isEmpty ? "nothing" : hexadecimal(start, separator: " ")
            throw malformed("it starts with \(found), where a pickle of protocol 2 to 5 (80 02 to 80 05) is expected")
        }
        _ = try input.take(2)
        for _ in 0..<Self.greatestOperations(input.bytes.count) {
            offset = input.position
            let byte = try input.unsigned(1)
            guard let opcode = PickleOpcode(rawValue: UInt8(byte)) else {
                throw malformed("operation \(hexadecimal([UInt8(byte)])) is none that arrays and lists need")
            }
            if opcode == .stop { return try end() }
            try perform(opcode)
        }
        throw malformed("it has too many operations for its size")
    }

    private mutating func end() throws -> PickleValue {
        let value = try pop()
        guard stack.isEmpty, marks.isEmpty, input.isAtEnd else {
            throw malformed("it ends before all of its bytes and values are used")
        }
        return value
    }

    private mutating func perform(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .protocolVersion, .stop: throw malformed("it starts a second time")
        case .frame: if try input.unsigned(8) > input.bytes.count { throw malformed("its frame is cut short") }

        case .mark: marks.append(stack.count)
        case .emptyTuple: stack.append(.tuple(parts.add([])))
        case .tuple: stack.append(.tuple(parts.add(try popToMark())))
        case .tuple1: try pushTuple(1)
        case .tuple2: try pushTuple(2)
        case .tuple3: try pushTuple(3)
        case .emptyList: stack.append(.list(parts.add([])))
        case .append: try extendList([pop()])
        case .appends: try extendList(popToMark())
        case .emptyDictionary: stack.append(.dictionary(parts.add([])))
        case .setItem: try extendDictionary(pop(2))
        case .setItems: try extendDictionary(popToMark())

        case .put: memo[try input.unsigned(1)] = try top()
        case .putLong: memo[try input.unsigned(4)] = try top()
        case .memoize: memo[memo.count] = try top()
        case .get: try pushRemembered(input.unsigned(1))
        case .getLong: try pushRemembered(input.unsigned(4))

        case .none: stack.append(.none)
        case .yes, .no: stack.append(.boolean(opcode == .yes))
        case .integer1: stack.append(.integer(try input.unsigned(1)))
        case .integer2: stack.append(.integer(try input.unsigned(2)))
        case .integer4: stack.append(.integer(try input.signed(4)))
        case .longInteger:
            let size = try input.unsigned(1)
            guard size <= 8 else { throw malformed("an integer has \(size) bytes, more than 8") }
            stack.append(.integer(try input.signed(size)))

        // Python 2 has one type for bytes and texts.
        case .string1, .bytes1: stack.append(.bytes(try counted(1)))
        case .string4, .bytes4: stack.append(.bytes(try counted(4)))
        case .bytes8, .byteArray8: stack.append(.bytes(try counted(8)))
        case .text1: stack.append(.text(try counted(1)))
        case .text4: stack.append(.text(try counted(4)))
        case .text8: stack.append(.text(try counted(8)))

        case .global: try pushGlobal(module: input.line(), name: input.line())
        case .stackGlobal: try pushStackGlobal()
        case .reduce:
            let arguments = try parts(ofTuple: pop())
            stack.append(try made(by: pop(), of: arguments))
        case .build:
            let state = try parts(ofTuple: pop())
            try setState(of: top(), to: state)
        }
    }

    func malformed(_ problem: String) -> DatasetError { input.malformed(problem, at: offset) }
}

extension PickleReader {
    private func top() throws -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else { throw malformed("a value is missing") }
        return value
    }

    private mutating func pop() throws -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw malformed("a value is missing") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else { throw malformed("a mark is missing") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func pushTuple(_ count: Int) throws {
        stack.append(.tuple(parts.add(try pop(count))))
    }

    private mutating func extendList(_ values: [PickleValue]) throws {
        guard case .list(let number) = try top() else { throw malformed("values are added to no list") }
        parts.values[number] += values
    }

    private mutating func extendDictionary(_ values: [PickleValue]) throws {
        guard case .dictionary(let number) = try top(), values.count.isMultiple(of: 2) else {
            throw malformed("values are added to no dictionary, or one has no key")
        }
        parts.values[number] += values
    }

    private mutating func pushRemembered(_ number: Int) throws {
        guard let value = memo[number] else { throw malformed("there is no value \(number) to repeat") }
        stack.append(value)
    }

    private mutating func pushGlobal(module: String, name: String) throws {
        guard let global = PickleGlobal.known["\(module) \(name)"] else {
            throw malformed("it asks for \(module).\(name), and nothing but arrays of numpy is made from a pickle")
        }
        stack.append(.global(global))
    }

    private mutating func pushStackGlobal() throws {
        let names = try pop(2)
        guard case .text(let module) = names[0], case .text(let name) = names[1] else {
            throw malformed("a name is no text")
        }
        try pushGlobal(module: input.text(module.prefix(100)), name: input.text(name.prefix(100)))
    }

    private mutating func counted(_ size: Int) throws -> Range<Int> { try input.take(input.unsigned(size)) }

    private func parts(ofTuple value: PickleValue) throws -> [PickleValue] {
        guard case .tuple(let number) = value else { throw malformed("there is no tuple where one is needed") }
        return parts.values[number]
    }
}
