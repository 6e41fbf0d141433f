extension PickleReader {
    /// What a function of Python that makes arrays, or what arrays are made of, would return.
    mutating func made(by function: PickleValue, of arguments: [PickleValue]) throws -> PickleValue {
        switch (function, arguments.first) {
        // An empty array, whose state follows.
        case (.global(.reconstruct), .global(.ndarray)):
            return .array(parts.add(nil as PickledArray?))
        case (.global(.elementType), .bytes(let code)), (.global(.elementType), .text(let code)):
            return .elementType(code)
        case (.global(.encode), .text(let text)):
            guard arguments.count == 2, case .text(let encoding) = arguments[1], input.has("latin1", at: encoding)
            else {
                throw malformed("bytes are spelled in another encoding than latin1")
            }
            return .spelledBytes(text)
        case (.global(.fromBuffer), let content?):
            guard arguments.count >= 4, case .elementType(let type) = arguments[1],
                case .text(let order) = arguments[3], arguments.dropFirst(4).allSatisfy({ $0 == .none })
            else { throw malformed("an array is not made of bytes, a type, a shape and an order") }
            return .array(
                parts.add(
                    PickledArray(
                        shape: try shape(arguments[2]), elementType: type,
                        isFortranOrdered: !input.has("C", at: order), content: content)))
        default:
            throw malformed("a function is called with other values than arrays of numpy need")
        }
    }

    /// Sets what an array or a type of elements consists of.
    mutating func setState(of value: PickleValue, to state: [PickleValue]) throws {
        switch value {
        case .array(let number):
            guard state.count == 5, case .elementType(let type) = state[2],
                case .boolean(let isFortranOrdered) = state[3]
            else { throw malformed("an array's state is not of a version, a shape, a type, an order and bytes") }
            parts.arrays[number] = PickledArray(
                shape: try shape(state[1]), elementType: type, isFortranOrdered: isFortranOrdered, content: state[4])
        // The order of bytes in an element, its fields and its alignment. Of single bytes there is nothing to tell.
        case .elementType(let code):
            guard !input.has("u1", at: code) || state.dropFirst(2).prefix(3).allSatisfy({ $0 == .none }) else {
                throw malformed("a type of single bytes has parts")
            }
        default:
            throw malformed("a state is set of what has none")
        }
    }

    private func shape(_ value: PickleValue) throws -> [Int] {
        guard case .tuple(let number) = value else { throw malformed("an array's shape is no tuple") }
        return try parts.values[number].map { dimension in
            guard case .integer(let size) = dimension else { throw malformed("an array's shape is not of integers") }
            return size
        }
    }
}
