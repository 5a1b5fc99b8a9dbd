import EventLog
import Vocabulary

extension OutgoingRecords {
    /// Adds a record under the bytes of this name; without one the key is empty.
    @inline(__always)
    mutating func append(
        to destination: Destination, under name: Identifier?, headers: UnsafeRawBufferPointer,
        largestValue: Int, encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        guard let name else {
            return append(
                to: destination, key: UnsafeRawBufferPointer(start: nil, count: 0),
                headers: headers, largestValue: largestValue, encode: encode)
        }
        name.withBytes {
            append(
                to: destination, key: $0, headers: headers, largestValue: largestValue,
                encode: encode)
        }
    }
}
