/// Numbers of bytes as people read them.
public enum ByteText {
    /// `812 bytes`, `4.2 kB`, `1.37 GB`.
    public static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return count == 1 ? "1 byte" : "\(count) bytes" }
        var (value, unit) = (Double(count), "bytes")
        for larger in ["kB", "MB", "GB", "TB"] where value >= 999.5 {
            (value, unit) = (value / 1000, larger)
        }
        return "\(NumberText.significant(value, digits: 3)) \(unit)"
    }
}
