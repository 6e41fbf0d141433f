/// The nodes that a walk from some nodes back through operands stops at, in order.
///
/// - Parameters:
///   - count: of all nodes; operands come before the nodes that use them.
///   - operands: of a node.
///   - stops: whether the walk goes no further than a node.
func nodesReached(
    from starts: [NodeID], of count: Int, operands: (NodeID) -> [NodeID], stoppingAt stops: (NodeID) -> Bool
) -> [NodeID] {
    var isRead = [Bool](repeating: false, count: count)
    for start in starts { isRead[start] = true }
    var reached: [NodeID] = []
    for id in (0..<count).reversed() where isRead[id] {
        if stops(id) {
            reached.append(id)
        } else {
            for operand in operands(id) { isRead[operand] = true }
        }
    }
    return reached.reversed()
}
