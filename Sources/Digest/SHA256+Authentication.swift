extension SHA256 {
    private static let blockCount = 64

    /// The authentication code of a message under a secret: HMAC-SHA256, as RFC 2104 has it.
    package static func authenticationCode(
        of message: some Sequence<UInt8>, under secret: some Collection<UInt8>
    ) -> [UInt8] {
        var key = Array(secret)
        if key.count > blockCount { key = key.withUnsafeBytes { digest(of: $0) } }
        key += Array(repeating: 0, count: blockCount - key.count)
        let inner = (key.map { $0 ^ 0x36 } + Array(message)).withUnsafeBytes { digest(of: $0) }
        return (key.map { $0 ^ 0x5c } + inner).withUnsafeBytes { digest(of: $0) }
    }

    /// The same as 64 lower-case hexadecimal digits.
    package static func authenticationText(
        of message: some Sequence<UInt8>, under secret: some Collection<UInt8>
    ) -> String {
        let code = authenticationCode(of: message, under: secret)
        return String(unsafeUninitializedCapacity: textCount) { buffer in
            code.withUnsafeBytes { writeText(of: $0, into: UnsafeMutableRawBufferPointer(buffer)) }
            return textCount
        }
    }
}
