import Foundation

/// A batch of records byte by byte (Kafka's record format, version 2), for what no client would
/// send: its packed bytes may be damaged and its header may lie, while its checksum is right.
struct RawBatch {
    /// As the attributes of a batch number them.
    enum Codec: Int16 {
        case none, gzip, snappy, lz4, zstd
        /// Nobody has given this number a meaning.
        case unknown = 6
    }

    var payload: [UInt8]
    var codec: Codec
    var count: Int

    /// `count` records of one letter each, and nothing packed.
    static func records(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { index -> [UInt8] in
            var body: [UInt8] = [0, 0]
            body += variable(index)
            body += variable(-1)
            body += variable(1)
            body += [UInt8(ascii: "x"), 0]
            return variable(body.count) + body
        }
    }

    private static func variable(_ number: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64((number << 1) ^ (number >> 63)))
        var bytes: [UInt8] = []
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// The batch as it is sent; the first offset is given by the broker.
    var bytes: [UInt8] {
        var checked: [UInt8] = Self.big(codec.rawValue)
        checked += Self.big(Int32(count - 1))
        checked += Self.big(Int64(1))
        checked += Self.big(Int64(1))
        checked += Self.big(Int64(-1))
        checked += Self.big(Int16(-1))
        checked += Self.big(Int32(-1))
        checked += Self.big(Int32(count))
        checked += payload
        var rest: [UInt8] = Self.big(Int32(-1))
        rest.append(2)
        rest += Self.big(Self.checksum(checked))
        rest += checked
        var whole: [UInt8] = Self.big(Int64(0))
        whole += Self.big(Int32(rest.count))
        return whole + rest
    }

    /// By default CRC-32C.
    private static func checksum(
        _ bytes: [UInt8], polynomial: UInt32 = 0x82f6_3b78
    ) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ polynomial : sum >> 1 }
        }
        return ~sum
    }

    struct NotSent: Error { var why: String }

    /// Sends it to partition 0 of a topic by a request of version 7; answers the broker's error
    /// code, 0 where it took it.
    func send(to topic: String, of brokers: String) throws -> Int16 {
        let parts = brokers.split(separator: ",")[0].split(separator: ":")
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0, let port = UInt16(parts[1]) else { throw NotSent(why: "no socket") }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, String(parts[0]), &address.sin_addr)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw NotSent(why: String(cString: strerror(errno))) }
        let name = Array(topic.utf8)
        let batch = bytes
        var request: [UInt8] = Self.big(Int16(0))
        request += Self.big(Int16(7))
        request += Self.big(Int32(1))
        request += Self.big(Int16(1))
        request.append(UInt8(ascii: "t"))
        request += Self.big(Int16(-1))
        request += Self.big(Int16(-1))
        request += Self.big(Int32(5_000))
        request += Self.big(Int32(1))
        request += Self.big(Int16(name.count))
        request += name
        request += Self.big(Int32(1))
        request += Self.big(Int32(0))
        request += Self.big(Int32(batch.count))
        request += batch
        let message = Self.big(Int32(request.count)) + request
        guard write(socket, message, message.count) == message.count else {
            throw NotSent(why: "half of it")
        }
        let size = try read(4, from: socket).reduce(0) { $0 << 8 | Int($1) }
        let answer = try read(size, from: socket)
        // Behind the request's number and one topic with one partition.
        let start = 4 + 4 + 2 + name.count + 4 + 4
        guard answer.count > start + 1 else { throw NotSent(why: "no answer") }
        return Int16(bitPattern: UInt16(answer[start]) << 8 | UInt16(answer[start + 1]))
    }

    private func read(_ count: Int, from socket: Int32) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let some = recv(socket, &bytes[done], count - done, 0)
            guard some > 0 else { throw NotSent(why: "the connection ended") }
            done += some
        }
        return bytes
    }
}

// MARK: Packed by hand, without packing anything

extension RawBatch {
    /// One stored block.
    static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        let size = bytes.count << 3 | 1
        var packed: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x20, UInt8(bytes.count)]
        packed += [UInt8(size & 255), UInt8(size >> 8 & 255), UInt8(size >> 16)]
        return packed + bytes
    }

    /// One literal.
    static func snappy(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count), UInt8(bytes.count - 1) << 2] + bytes
    }

    /// One stored block.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(bytes.count)
        let crc = checksum(bytes, polynomial: 0xedb8_8320)
        func little(_ number: UInt32) -> [UInt8] {
            withUnsafeBytes(of: number.littleEndian) { Array($0) }
        }
        var packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1]
        packed += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
        packed += bytes
        packed += little(crc)
        return packed + little(UInt32(count))
    }
}
