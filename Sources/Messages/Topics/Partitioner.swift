import Vocabulary

/// Where the record of a key lives: murmur2 of the key modulo the number of partitions, as Java
/// clients compute it, so that front ends in any language agree with us (TheLog.md, The topics).
package enum Partitioner {
    /// The partition of a key in a topic of `count` partitions, at least one.
    package static func partition(
        of key: UnsafeRawBufferPointer, count: Int64
    ) -> Partition {
        precondition(count > 0, "a topic has at least one partition")
        // Java clears the sign: an absolute value would be negative for the smallest integer.
        let positive = UInt32(bitPattern: murmur2(key)) & 0x7fff_ffff
        return Partition(rawValue: Int64(positive) % count)
    }

    /// The partition of an offering's or an account's records.
    package static func partition(of key: Identifier, count: Int64) -> Partition {
        key.withBytes { partition(of: $0, count: count) }
    }

    /// The 32-bit murmur2 hash with the seed that Kafka's Java client uses.
    package static func murmur2(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        let factor: UInt32 = 0x5bd1_e995
        var hash = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
        var index = 0
        while index + 4 <= bytes.count {
            var word = UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
            word = word &* factor
            word ^= word >> 24
            word = word &* factor
            hash = hash &* factor ^ word
            index += 4
        }
        if index < bytes.count {
            for (position, byte) in bytes[index...].enumerated() {
                hash ^= UInt32(byte) << UInt32(8 * position)
            }
            hash = hash &* factor
        }
        hash ^= hash >> 13
        hash = hash &* factor
        hash ^= hash >> 15
        return Int32(bitPattern: hash)
    }
}
