/// A curve being recorded: its open chunk, and the full ones not yet written.
struct Curve {
    /// Points recorded so far, all chunks together.
    private(set) var pointCount: Int
    private var chunk: CurveChunk?
    private var full: [CurveChunk] = []
    private var isChanged = false
    /// All of it from afar.
    private(set) var overview: CurveOverview

    /// A new curve, or one that goes on after the points of `overview`, of which the last are in `chunk`.
    init(chunk: CurveChunk? = nil, overview: CurveOverview = CurveOverview()) {
        pointCount = overview.pointCount
        self.chunk = chunk
        self.overview = overview
    }

    mutating func append(step: Int, value: CurveValue) {
        pointCount += 1
        isChanged = true
        overview.add(step: step, value: value.double)
        if chunk?.append(step: step, value: value) == true { return }
        if let chunk {
            full.append(chunk)
        }
        chunk = CurveChunk(index: (chunk?.index ?? -1) + 1, step: step, value: value)
    }

    /// The chunks that changed since the last call.
    mutating func takeChanged() -> [CurveChunk] {
        guard isChanged, let chunk else { return [] }
        defer {
            full = []
            isChanged = false
        }
        return full + [chunk]
    }
}
