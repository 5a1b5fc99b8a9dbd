import Testing

import Digest

@Suite struct SHA256Tests {
    /// FIPS 180-4's examples, and the empty message.
    private static let vectors = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                + "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test func knownDigests() {
        for (message, digest) in Self.vectors {
            #expect(SHA256.text(of: message.utf8) == digest)
        }
    }

    /// One context for all messages, each given in pieces of every size up to 130 bytes.
    @Test func piecesAndReuseChangeNothing() {
        var hash = SHA256()
        for (message, digest) in Self.vectors.dropLast() {
            let bytes = Array(message.utf8)
            for size in 1...130 {
                for start in stride(from: 0, to: bytes.count, by: size) {
                    bytes[start..<min(start + size, bytes.count)].withUnsafeBytes {
                        hash.update($0)
                    }
                }
                var text = [UInt8](repeating: 0, count: 64)
                text.withUnsafeMutableBytes { hash.finish(intoText: $0) }
                #expect(String(decoding: text, as: UTF8.self) == digest, "size \(size)")
            }
        }
    }

    @Test func textIsTheDigestInLowerCase() {
        var hash = SHA256()
        Array("abc".utf8).withUnsafeBytes { hash.update($0) }
        var digest = [UInt8](repeating: 0, count: 34)
        digest.withUnsafeMutableBytes { hash.finish(into: $0) }
        #expect(digest[32...] == [0, 0])
        let digits = digest[..<32].map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        #expect(digits.joined() == Self.vectors[1].1)
        #expect(Array("abc".utf8).withUnsafeBytes { SHA256.digest(of: $0) } == Array(digest[..<32]))
    }

    @Test func twoContextsAreApart() {
        var first = SHA256()
        var second = SHA256()
        Array("ab".utf8).withUnsafeBytes { first.update($0) }
        Array("abc".utf8).withUnsafeBytes { second.update($0) }
        Array("c".utf8).withUnsafeBytes { first.update($0) }
        var (one, other) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 1, count: 32))
        one.withUnsafeMutableBytes { first.finish(into: $0) }
        other.withUnsafeMutableBytes { second.finish(into: $0) }
        #expect(one == other)
    }
}
