/// A growing array of plain values, in chunks that stay where they are: growing costs at most one
/// chunk, never a copy of all there is, so that no bid waits for a million others to be moved.
struct ChunkedArray<Element: BitwiseCopyable & Equatable & Sendable>: Equatable, Sendable {
    private var chunks: [[Element]] = []
    private(set) var count = 0

    private static var chunkBits: Int { 14 }
    private static var chunkCount: Int { 1 << chunkBits }
    private static var withinChunk: Int { chunkCount - 1 }

    subscript(index: Int) -> Element {
        get { chunks[index >> Self.chunkBits][index & Self.withinChunk] }
        _modify { yield &chunks[index >> Self.chunkBits][index & Self.withinChunk] }
    }

    mutating func append(_ element: Element) {
        if count & Self.withinChunk == 0 { startChunk() }
        chunks[chunks.count - 1].append(element)
        count += 1
    }

    mutating func append(repeating element: Element, count: Int) {
        for _ in 0..<count { append(element) }
    }

    /// Drops everything from `count` on, and the memory of chunks that become empty.
    mutating func truncate(to count: Int) {
        precondition(count <= self.count)
        let chunksLeft = (count + Self.withinChunk) >> Self.chunkBits
        chunks.removeLast(chunks.count - chunksLeft)
        self.count = count
        let last = count - (chunksLeft - 1) << Self.chunkBits
        if chunksLeft > 0 {
            chunks[chunksLeft - 1].removeLast(chunks[chunksLeft - 1].count - last)
        }
    }

    /// The first chunk grows with its content, since most offerings are small; every later one
    /// is allocated once.
    /// The bytes that it holds on to.
    var storageBytes: Int {
        let elements = chunks.count > 1 ? chunks.count << Self.chunkBits : chunks.first?.capacity
        return (elements ?? 0) * MemoryLayout<Element>.stride
    }

    private mutating func startChunk() {
        chunks.append([])
        if chunks.count > 1 { chunks[chunks.count - 1].reserveCapacity(Self.chunkCount) }
    }
}
