/// A record's headers in the form that logs keep. An ordinary header is one byte for the length of
/// its name, the name, four bytes for the length of its value (little end first), the value.
///
/// A header without a value, or with a longer name than one byte can say, has the long form: a
/// zero byte and four bytes of ones, which no ordinary header begins with, since a value of 4 GiB
/// can't be; then four bytes for the length of the name, the name, four bytes for the length of
/// the value, or ones where there is none, and the value. So what was written before there was a
/// long form reads the same.
package struct Headers {
    package let encoded: UnsafeRawBufferPointer

    @inlinable package init(encoded: UnsafeRawBufferPointer) { self.encoded = encoded }

    @inlinable package var isEmpty: Bool { encoded.isEmpty }

    /// What a length says where there is nothing, and what tells the long form.
    private static let none = UInt32.max
    /// The zero byte and the ones.
    private static let longFormMark = 5

    /// Calls `body` with each header in order, until it answers false; the value is nil where the
    /// header has none. Ends early where the bytes are cut.
    package func forEach(
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Bool
    ) {
        var at = 0
        while at < encoded.count {
            let isLong = self.isLong(at)
            let nameAt: Int
            let nameCount: Int
            if isLong {
                guard let count = length(at + Self.longFormMark) else { return }
                (nameAt, nameCount) = (at + Self.longFormMark + 4, Int(count))
            } else {
                (nameAt, nameCount) = (at + 1, Int(encoded[at]))
            }
            guard nameCount <= encoded.count - nameAt, let size = length(nameAt + nameCount)
            else { return }
            let valueAt = nameAt + nameCount + 4
            let isNull = isLong && size == Self.none
            let count = isNull ? 0 : Int(size)
            guard count <= encoded.count - valueAt else { return }
            let name = UnsafeRawBufferPointer(rebasing: encoded[nameAt..<(nameAt + nameCount)])
            let value = UnsafeRawBufferPointer(rebasing: encoded[valueAt..<(valueAt + count)])
            guard body(name, isNull ? nil : value) else { return }
            at = valueAt + count
        }
    }

    private func isLong(_ at: Int) -> Bool { encoded[at] == 0 && length(at + 1) == Self.none }

    /// The four bytes of a length; nil where they are cut off.
    private func length(_ at: Int) -> UInt32? {
        guard at <= encoded.count - 4 else { return nil }
        return UInt32(
            littleEndian: encoded.loadUnaligned(fromByteOffset: at, as: UInt32.self))
    }

    /// The value of the last header of this name, empty where that has none; nil where there is no
    /// such header.
    package func value(of name: StaticString) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        forEach { header, value in
            if header.elementsEqual(wanted) {
                found = value ?? UnsafeRawBufferPointer(start: nil, count: 0)
            }
            return true
        }
        return found
    }

    /// The encoded form of these headers; nil is a header without a value.
    package static func encode(_ headers: [(name: String, value: [UInt8]?)]) -> [UInt8] {
        var encoded: [UInt8] = []
        for (name, value) in headers {
            Array(name.utf8).withUnsafeBytes { name in
                guard let value else { return append(name, nil, to: &encoded) }
                value.withUnsafeBytes { append(name, $0, to: &encoded) }
            }
        }
        return encoded
    }

    /// Adds one header in the encoded form; nil is a header without a value.
    package static func append(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?, to encoded: inout [UInt8]
    ) {
        if let value, name.count <= 255 {
            encoded.append(UInt8(name.count))
            encoded.append(contentsOf: name)
            append(UInt32(value.count), to: &encoded)
            encoded.append(contentsOf: value)
            return
        }
        encoded.append(0)
        append(none, to: &encoded)
        append(UInt32(name.count), to: &encoded)
        encoded.append(contentsOf: name)
        append(value.map { UInt32($0.count) } ?? none, to: &encoded)
        if let value { encoded.append(contentsOf: value) }
    }

    private static func append(_ length: UInt32, to encoded: inout [UInt8]) {
        withUnsafeBytes(of: length.littleEndian) { encoded.append(contentsOf: $0) }
    }
}
