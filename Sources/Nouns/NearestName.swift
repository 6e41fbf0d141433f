/// The name among `known` that `name` looks like a slip of, or `nil` if none is near.
///
/// Case and the separators `_`, `-` and space do not count: `learning_rate` is `learningRate`. Beyond that, one
/// slip (a letter more, less, other, or two swapped) is allowed in every three letters.
public func nearestName(to name: String, among known: [String]) -> String? {
    // A text this long is no slip of a name, and comparing it would take long.
    guard name.count <= 64 else { return nil }
    let letters = normalized(name)
    let distances = known.map { (name: $0, distance: slips(from: letters, to: normalized($0))) }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    let isNear = nearest.distance <= max(1, letters.count / 3) && nearest.distance < normalized(nearest.name).count
    return isNear && nearest.name != name ? nearest.name : nil
}

private func normalized(_ name: String) -> [Character] {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
}

/// The Damerau–Levenshtein distance (optimal string alignment), row by row.
private func slips(from first: [Character], to second: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for i in first.indices {
        var row = [i + 1]
        for j in second.indices {
            var distance = min(last[j] + (first[i] == second[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                distance = min(distance, beforeLast[j - 1] + 1)
            }
            row.append(distance)
        }
        (beforeLast, last) = (last, row)
    }
    return last[second.count]
}
