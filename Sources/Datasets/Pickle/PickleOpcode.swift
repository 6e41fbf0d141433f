/// The operations that pickles of dictionaries of lists, texts and numpy arrays are made of, in the protocols 2 to 5.
/// Any other is refused.
enum PickleOpcode: UInt8 {
    case protocolVersion = 0x80
    case frame = 0x95
    case stop = 0x2E  // .

    case mark = 0x28  // (
    case emptyTuple = 0x29  // )
    case tuple = 0x74  // t
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyList = 0x5D  // ]
    case append = 0x61  // a
    case appends = 0x65  // e
    case emptyDictionary = 0x7D  // }
    case setItem = 0x73  // s
    case setItems = 0x75  // u

    case put = 0x71  // q
    case putLong = 0x72  // r
    case memoize = 0x94
    case get = 0x68  // h
    case getLong = 0x6A  // j

    case none = 0x4E  // N
    case yes = 0x88
    case no = 0x89
    case integer1 = 0x4B  // K
    case integer2 = 0x4D  // M
    case integer4 = 0x4A  // J
    case longInteger = 0x8A

    case string1 = 0x55  // U
    case string4 = 0x54  // T
    case text1 = 0x8C
    case text4 = 0x58  // X
    case text8 = 0x8D
    case bytes1 = 0x43  // C
    case bytes4 = 0x42  // B
    case bytes8 = 0x8E
    case byteArray8 = 0x96

    case global = 0x63  // c
    case stackGlobal = 0x93
    case reduce = 0x52  // R
    case build = 0x62  // b
}
