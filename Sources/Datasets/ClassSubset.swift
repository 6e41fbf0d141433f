extension Dataset {
    /// The examples of some classes, renumbered: the first of the list is class 0. Copies their images once.
    ///
    /// Andrychowicz et al. 2016, section 3.3, train an optimizer on some classes of CIFAR-10 and evaluate it on the
    /// others.
    ///
    /// - Parameter classes: at least one, all different.
    /// - Throws: `DatasetError` where there is no such class, or no example of it in one of the splits.
    public func restricted(toClasses classes: [Int]) throws -> Dataset {
        precondition(!classes.isEmpty && Set(classes).count == classes.count, "\(classes) are no different classes")
        if let unknown = classes.first(where: { $0 < 0 || $0 >= self.classes }) {
            throw DatasetError(
                .unknownName, "\(name) has no class \(unknown): its classes are 0 to \(self.classes - 1).")
        }
        var numbers = [UInt8?](repeating: nil, count: self.classes)
        for (number, original) in classes.enumerated() { numbers[original] = UInt8(number) }
        let parts = try [("training", training), ("test", test)].map { title, split in
            let restricted = split.restricted { numbers[Int($0)] }
            if let absent = classes.indices.first(where: { !restricted.labels.contains(UInt8($0)) }) {
                throw DatasetError(
                    .malformedFile, "The \(title) examples of \(name) have none of class \(classes[absent]).")
            }
            return restricted
        }
        let note = "classes \(classes.map(String.init).joined(separator: ", ")) alone"
        return Dataset(
            name: name, origin: origin, checksum: checksum, classes: classes.count, shape: shape, training: parts[0],
            test: parts[1], note: [self.note, note].compactMap { $0 }.joined(separator: "; "))
    }
}

extension Split {
    /// The examples whose label has a new one, in their order.
    fileprivate func restricted(_ newLabel: (UInt8) -> UInt8?) -> Split {
        let kept = labels.indices.filter { newLabel(labels[$0]) != nil }
        return selecting(kept).labelled(kept.compactMap { newLabel(labels[$0]) })
    }
}
