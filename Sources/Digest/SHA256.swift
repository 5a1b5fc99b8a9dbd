import CDigest

/// SHA-256 over libcrypto: one context, used again for one message after the other.
///
/// Asking libcrypto for the algorithm by name costs more than hashing a decision, so that is
/// done once for the process, and a context starts its next message without being made anew.
package struct SHA256: ~Copyable, @unchecked Sendable {
    /// The bytes of a digest.
    package static let digestCount = 32
    /// The bytes of a digest in hexadecimal digits.
    package static let textCount = 64

    private let context: OpaquePointer
    /// Whether the context has begun a message.
    private var isStarted = false

    /// A context at the start of a message.
    package init() {
        guard let context = EVP_MD_CTX_new() else {
            preconditionFailure("libcrypto could not allocate a digest context")
        }
        self.context = context
        let answer = EVP_DigestInit_ex2(context, Self.algorithm.pointer, nil)
        precondition(answer == 1, "libcrypto refused to start SHA-256")
        isStarted = true
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes to the message.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        start()
        let answer = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(answer == 1, "libcrypto refused to go on with SHA-256")
    }

    /// Ends the message and writes its digest to the first 32 bytes of `digest`; the next
    /// `update` begins another message.
    package mutating func finish(into digest: UnsafeMutableRawBufferPointer) {
        precondition(digest.count >= Self.digestCount, "a SHA-256 digest needs 32 bytes")
        start()
        let answer = EVP_DigestFinal_ex(
            context, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        precondition(answer == 1, "libcrypto refused to finish SHA-256")
        isStarted = false
    }

    /// Ends the message and writes its digest as 64 lower-case hexadecimal digits to the first
    /// bytes of `text`.
    package mutating func finish(intoText text: UnsafeMutableRawBufferPointer) {
        withUnsafeTemporaryAllocation(byteCount: Self.digestCount, alignment: 8) { digest in
            finish(into: digest)
            Self.writeText(of: UnsafeRawBufferPointer(digest), into: text)
        }
    }

    private mutating func start() {
        guard !isStarted else { return }
        // Without an algorithm libcrypto keeps the one the context has.
        let answer = EVP_DigestInit_ex2(context, nil, nil)
        precondition(answer == 1, "libcrypto refused to start SHA-256")
        isStarted = true
    }
}

extension SHA256 {
    /// The digest of one message, for what is hashed now and then.
    package static func digest(of message: UnsafeRawBufferPointer) -> [UInt8] {
        var hash = SHA256()
        hash.update(message)
        return [UInt8](unsafeUninitializedCapacity: digestCount) { buffer, count in
            hash.finish(into: UnsafeMutableRawBufferPointer(buffer))
            count = digestCount
        }
    }

    /// The digest of one message as 64 lower-case hexadecimal digits, for what is hashed now
    /// and then.
    package static func text(of message: some Sequence<UInt8>) -> String {
        // A message may be far larger than anybody would copy.
        let digest = message.withContiguousStorageIfAvailable {
            Self.digest(of: UnsafeRawBufferPointer($0))
        } ?? Array(message).withUnsafeBytes { Self.digest(of: $0) }
        return String(unsafeUninitializedCapacity: textCount) { buffer in
            digest.withUnsafeBytes {
                writeText(of: $0, into: UnsafeMutableRawBufferPointer(buffer))
            }
            return textCount
        }
    }

    /// Writes 32 bytes as 64 lower-case hexadecimal digits.
    package static func writeText(
        of digest: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer
    ) {
        precondition(digest.count == digestCount && text.count >= textCount)
        for index in 0..<digestCount {
            text[2 * index] = hexadecimalDigit(digest[index] >> 4)
            text[2 * index + 1] = hexadecimalDigit(digest[index] & 15)
        }
    }

    /// The digit of a value below 16, without a branch: 39 lies between `:` and `a`.
    @inline(__always)
    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value + UInt8(ascii: "0") + (value > 9 ? 39 : 0)
    }
}

extension SHA256 {
    /// The algorithm as libcrypto gave it; it is never freed and never changes.
    private struct Algorithm: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private static let algorithm: Algorithm = {
        guard let pointer = EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("this libcrypto has no SHA-256")
        }
        return Algorithm(pointer: pointer)
    }()
}
