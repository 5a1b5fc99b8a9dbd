/// A record's headers in the form that logs keep: for each, one byte for the length of its name,
/// the name, four bytes for the length of its value (little end first), the value.
public struct Headers {
    public let encoded: UnsafeRawBufferPointer

    @inlinable public init(encoded: UnsafeRawBufferPointer) { self.encoded = encoded }

    @inlinable public var isEmpty: Bool { encoded.isEmpty }

    /// Calls `body` with each header in order, until it answers false.
    public func forEach(
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool
    ) {
        var at = 0
        while at < encoded.count {
            let nameCount = Int(encoded[at])
            let valueAt = at + 1 + nameCount + 4
            guard valueAt <= encoded.count else { return }
            let count = Int(encoded.loadUnaligned(fromByteOffset: valueAt - 4, as: UInt32.self))
            guard count <= encoded.count - valueAt else { return }
            let name = UnsafeRawBufferPointer(rebasing: encoded[(at + 1)..<(at + 1 + nameCount)])
            let value = UnsafeRawBufferPointer(rebasing: encoded[valueAt..<(valueAt + count)])
            guard body(name, value) else { return }
            at = valueAt + count
        }
    }

    /// The value of the last header of this name, or nil.
    public func value(of name: StaticString) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        forEach { header, value in
            if header.elementsEqual(wanted) { found = value }
            return true
        }
        return found
    }

    /// The encoded form of these headers. A name has at most 255 bytes.
    public static func encode(_ headers: [(name: String, value: [UInt8])]) -> [UInt8] {
        var encoded: [UInt8] = []
        for (name, value) in headers {
            Array(name.utf8).withUnsafeBytes { name in
                value.withUnsafeBytes { append(name, $0, to: &encoded) }
            }
        }
        return encoded
    }

    /// Adds one header in the encoded form. A name has at most 255 bytes.
    public static func append(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, to encoded: inout [UInt8]
    ) {
        encoded.append(UInt8(name.count))
        encoded.append(contentsOf: name)
        withUnsafeBytes(of: UInt32(value.count).littleEndian) { encoded.append(contentsOf: $0) }
        encoded.append(contentsOf: value)
    }
}
