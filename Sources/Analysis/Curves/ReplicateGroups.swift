extension Sequence {
    /// The elements replicate by replicate, in the order of their numbers; nil where there are no several replicates, or
    /// each has but one element.
    ///
    /// Runs of one replicate have its training in common. A mean over all runs of several has an interval over trainings
    /// and students only if each replicate counts with the mean of its own.
    public func byReplicate(_ number: (Element) -> Int?) -> [[Element]]? {
        let groups = Dictionary(grouping: self) { number($0) ?? 0 }
        guard groups.count > 1, groups.contains(where: { $0.value.count > 1 }) else { return nil }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }
}
