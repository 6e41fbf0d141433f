/// A number of things in words: `1 trial`, `3 trials`.
///
/// - Parameter several: what several of them are called; nil where that is `one` with an s.
public func counted(_ count: Int, _ one: String, _ several: String? = nil) -> String {
    "\(count) \(plural(count, one, several))"
}

/// What `count` things are called, without the number.
public func plural(_ count: Int, _ one: String, _ several: String? = nil) -> String {
    count == 1 ? one : several ?? one + "s"
}
