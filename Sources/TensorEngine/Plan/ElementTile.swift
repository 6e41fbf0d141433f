/// How many elements a program works on at a time.
enum ElementTile {
    /// Some scratch tiles of this length, and what is read and written beside them, fit a first-level cache.
    static let good = 512
    /// A quarter more, where that saves a short tile. A constant is kept as often, for programs and products to read.
    static let longest = 640
}
