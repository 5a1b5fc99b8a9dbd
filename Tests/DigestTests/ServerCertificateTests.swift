import Digest
import Testing

/// Certificates for servers of tests: each its own, in the form that libraries read.
@Suite struct ServerCertificateTests {
    @Test func eachIsMadeAnew() throws {
        let made = try (0..<2).map { _ in
            try #require(
                ServerCertificate(
                    names: ["localhost"], addresses: ["127.0.0.1"], from: 1_700_000_000,
                    to: 1_800_000_000))
        }
        for certificate in made {
            #expect(certificate.authority.hasPrefix("-----BEGIN CERTIFICATE-----"))
            #expect(certificate.certificate.hasPrefix("-----BEGIN CERTIFICATE-----"))
            #expect(certificate.key.contains("PRIVATE KEY-----"))
            #expect(certificate.authority != certificate.certificate)
        }
        #expect(made[0].key != made[1].key && made[0].authority != made[1].authority)
    }

    /// What is no address is no certificate for it.
    @Test func anAddressThatIsNoneIsRefused() {
        #expect(
            ServerCertificate(names: ["a"], addresses: ["nowhere"], from: 0, to: 1) == nil)
    }
}
