/// A way to reach a provider: a name, and who answers behind it. A name is bound to one provider
/// for good, or a payment in doubt would be sent again to another one (Payments.md).
public struct PaymentChannel: Hashable, Sendable {
    public var name: Identifier
    /// The provider's origin in one form, as `https://bank.example:8443`; at most 255 bytes.
    public var origin: String
    /// The path before `/v1`, without a slash at its end; at most 255 bytes.
    public var path: String
    /// Whose account at the provider it is, as the profile says; at most 255 bytes.
    public var merchant: String?

    public init(name: Identifier, origin: String, path: String = "", merchant: String? = nil) {
        self.name = name
        self.origin = origin
        self.path = path
        self.merchant = merchant
    }

    /// Where it leads, for people.
    public var words: String {
        "\(origin)\(path)" + (merchant.map { " (merchant \($0))" } ?? "")
    }
}

/// The first leave to send over a channel: from here on the name means this provider.
public struct PaymentChannelBinding: Hashable, Sendable {
    public var channel: PaymentChannel
    public var at: Timestamp

    public init(channel: PaymentChannel, at: Timestamp) {
        self.channel = channel
        self.at = at
    }
}

/// A command that was never sent is going to be sent over another channel: what it takes there.
public struct PaymentRedraft: Hashable, Sendable {
    public var command: PaymentID
    public var channel: Identifier
    /// The account as the provider knows it, at most 255 bytes.
    public var accountToken: String
    /// The request's body, at most 2 KiB.
    public var body: String
    public var at: Timestamp

    public init(
        command: PaymentID, channel: Identifier, accountToken: String, body: String,
        at: Timestamp
    ) {
        self.command = command
        self.channel = channel
        self.accountToken = accountToken
        self.body = body
        self.at = at
    }
}
