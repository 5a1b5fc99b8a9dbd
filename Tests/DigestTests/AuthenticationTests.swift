import Digest
import Testing

/// HMAC-SHA256 against the vectors of RFC 4231.
@Suite struct AuthenticationTests {
    @Test func theVectorsOfTheStandard() {
        #expect(
            SHA256.authenticationText(of: "Hi There".utf8, under: Array(repeating: 0x0b, count: 20))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            SHA256.authenticationText(of: "what do ya want for nothing?".utf8, under: "Jefe".utf8)
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    /// A secret longer than a block is hashed first.
    @Test func aLongSecretIsHashed() {
        #expect(
            SHA256.authenticationText(
                of: "Test Using Larger Than Block-Size Key - Hash Key First".utf8,
                under: Array(repeating: 0xaa, count: 131))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }
}
