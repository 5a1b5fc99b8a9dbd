import Gateway
import Testing
import Vocabulary

/// What makes an address another provider, and what is only another way to write it.
@Suite struct ChannelAddressTests {
    private func channel(_ address: String, _ merchant: String? = nil) -> PaymentChannel? {
        PaymentChannel(name: "bank", address: address, merchant: merchant)
    }

    @Test(arguments: [
        ("https://bank.example", "https://bank.example/"),
        ("https://bank.example", "https://bank.example:443"),
        ("https://bank.example", "HTTPS://Bank.Example"),
        ("https://bank.example", "https://bank.example."),
        ("https://bank.example/api", "https://bank.example/api//"),
        ("http://bank.example:8090", "http://BANK.example:8090/"),
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("http://[::1]:8090", "http://[::1]:8090/"),
    ])
    func harmless(_ one: String, _ other: String) throws {
        #expect(try #require(channel(one)) == #require(channel(other)))
    }

    @Test(arguments: [
        ("https://bank.example", "http://bank.example"),
        ("https://bank.example", "https://bank.example:444"),
        ("https://bank.example:80", "https://bank.example"),
        ("https://bank.example", "https://bank2.example"),
        ("https://bank.example/api", "https://bank.example/API"),
        ("https://bank.example", "https://bank.example/api"),
    ])
    func another(_ one: String, _ other: String) throws {
        #expect(try #require(channel(one)) != #require(channel(other)))
    }

    @Test func anotherMerchantIsAnotherOne() throws {
        let one = try #require(channel("https://bank.example", "m-1"))
        #expect(one != channel("https://bank.example", "m-2"))
        #expect(one != channel("https://bank.example"))
        #expect(one.origin == "https://bank.example" && one.path.isEmpty)
    }

    @Test(arguments: [
        "ftp://bank.example", "bank.example", "https://user@bank.example", "https://",
        "https://bank.example/?a=b", "https://bank.example/#a", "",
    ])
    func noAddress(_ text: String) { #expect(channel(text) == nil) }
}
