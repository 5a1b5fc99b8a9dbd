import CommandLine
import EventLog
import FairfillClient
import Foundation
import Gateway
import JSON
import Messages
import Payments
import Vocabulary
import Workers

extension Command {
    static let pay = Command(
        words: ["pay"],
        summary: "run the payer: execute payment commands, each at most once",
        description: """
            The payer commits each request to payment-journal before the first byte leaves.
            Anything that the provider's record can't prove is left in doubt until an operator
            resolves it. You may kill a payer at any moment: started again, it asks the provider
            before it sends anything a second time. If you start a second payer for a partition, it
            takes over; the first one goes on with its other partitions, and ends with 80 once it
            has none.

            A partition that can't be worked on stands still, and so does one whose payments outgrow
            its share of --memory. It is named on standard error and in attention, and tried again
            at least once a minute; the others go on.

            A profile says what the provider guarantees, as one JSON object:
            {"idempotent":true,"keyTTL":"35d","lookupByKey":true,"notFoundIsFinal":true}. The payer
            relies on nothing that the profile leaves out. It reads the token from the variable
            FAIRFILL_PROVIDER_TOKEN or from the file of --token-file.

            A channel is a name that stands for one provider: its address, and the "merchant" of its
            profile. From the first payment on, the name always stands for that provider.
            --provider is the channel "default". A payment that was sent over a channel is repeated
            and asked about only there. So give the payer every channel that has an open payment; it
            ends with 78 if one is missing or stands for another provider. A payment that was never
            sent goes over the first channel given, and a refund over the channel that collected its
            money.

            """ + "\n" + GroupOption.description,
        options: PayerOptions.options + [
            GroupOption.option,
            MemoryOption.option,
            Option("until-end", nil, "stop once all commands in the log are settled or parked"),
        ],
        examples: [
            "fairfill pay --provider http://127.0.0.1:8090 --profile sandbox",
            "fairfill pay --provider https://bank.example/api --profile bank.json "
                + "--token-file token.txt",
            "fairfill pay --channel new=https://new.example \\\n"
                + "      --channel default=https://bank.example --profile bank.json",
        ],
        isDaemon: true
    ) { arguments throws(Failure) in
        let options = try PayerOptions(arguments)
        let connection = try arguments.connect()
        try connection.checkTopics()
        let gateways = try options.gateways()
        defer { for gateway in gateways.values { gateway.close() } }
        let reporter = PayerReporter(arguments, gateway: options.provider)
        let clock = PayerClock()
        let stopsAtEnd = arguments.has("until-end")
        let memory = try MemoryOption.share(arguments)
        func lane(_ partition: Partition) -> PayerDriver {
            PayerDriver(
                options.configuration(
                    connection.environment, partition, stopsAtEnd: stopsAtEnd, memory: memory),
                log: connection.log, gateway: { gateways[$0] }, clock: { clock.now }
            ) { reporter.hear(partition, $0) }
        }
        let end = try GroupOption.run(
            .payer, connection, sharing: .paymentCommands, memory: memory, arguments,
            provider: options.provider, ended: reporter.forget, lane)
        reporter.end()
        try end.checkFinished()
        return .done
    }
}

/// The options of a payer: the providers, what they guarantee, how fast.
struct PayerOptions {
    static let options = [
        Option(
            "provider", "URL",
            "the provider's address: the channel default (required by pay without --channel)"),
        Option(
            "channel", "NAME=URL",
            "another channel; the first one given takes new payments (default: none)",
            isRepeatable: true),
        Option("profile", "FILE", "what it guarantees, or the word sandbox (default: nothing)"),
        Option(
            "token-file", "FILE",
            "a file with the provider's token and nothing else (default: none)"),
        Option(
            "accounts", "FILE",
            #"{"ACCOUNT":"TOKEN",...}: accounts as the provider knows them (default: by ids)"#),
        Option(
            "channel-profile", "NAME=FILE", "a channel's own profile (default: --profile's)",
            isRepeatable: true),
        Option(
            "channel-token-file", "NAME=FILE", "a channel's own token (default: --token-file's)",
            isRepeatable: true),
        Option(
            "channel-accounts", "NAME=FILE", "a channel's own accounts (default: --accounts')",
            isRepeatable: true),
        Option(
            "ca-file", "FILE",
            "certificates (PEM) of the authorities to trust (default: the machine's own)"),
        Option(
            "client-certificate", "FILE",
            "our certificate (PEM), where the provider asks for one (default: none)"),
        Option("client-key", "FILE", "its key (PEM) (default: in --client-certificate's file)"),
        Option(
            "proxy", "URL",
            "http://HOST:PORT that requests go through (default: none; http_proxy is ignored)"),
        Option("in-flight", "N", "requests under way at once, 1 to 1,000 (default 32)"),
    ]

    /// Those that say nothing without a provider.
    static let details = options.map(\.name).filter { $0 != "provider" && $0 != "channel" }

    /// Whether a provider is given at all.
    static func areGiven(_ arguments: Arguments) -> Bool {
        arguments.text("provider") != nil || !arguments.texts("channel").isEmpty
    }

    /// A channel with what it takes to use it.
    private struct Way {
        var address: String
        var terms: ChannelTerms
        var token: String
        var accounts: [String: String]?
    }

    /// The address of the channel that takes new payments.
    let provider: String
    private let ways: [Way]
    private let connection: ProviderConnection
    private let inFlight: Int

    init(_ arguments: Arguments) throws(Failure) {
        let inFlight = try arguments.integer("in-flight") ?? 32
        guard (1...1_000).contains(inFlight) else {
            throw Failure(.usage, "--in-flight \(inFlight): 1 to 1,000")
        }
        self.inFlight = Int(inFlight)
        connection = try Self.connection(arguments)
        var addresses: [(name: Identifier, text: String, option: String)] = []
        if let provider = arguments.text("provider") {
            addresses.append(("default", provider, "--provider"))
        }
        for (name, address) in try Self.named("channel", arguments) {
            addresses.append((name, address, "--channel \(name)=URL"))
        }
        guard !addresses.isEmpty else {
            throw Failure(
                .usage,
                "--provider is missing; fairfill \(arguments.command.name) --help shows an example")
        }
        let profiles = try Self.named("channel-profile", arguments)
        let tokens = try Self.named("channel-token-file", arguments)
        let accounts = try Self.named("channel-accounts", arguments)
        for (name, _) in profiles + tokens + accounts
        where !addresses.contains(where: { $0.name == name }) {
            throw Failure(.usage, "there is no --channel \(name)=URL that its files are for")
        }
        var ways: [Way] = []
        for (name, address, option) in addresses {
            if ways.contains(where: { $0.terms.channel.name == name }) {
                throw Failure(
                    .usage, "\(option): the channel '\(name)' is given twice; --provider is the "
                        + "channel 'default'")
            }
            let path = profiles.first { $0.name == name }?.value ?? arguments.text("profile")
            let profile = try Self.profile(path)
            guard let channel = PaymentChannel(
                name: name, address: address, merchant: profile.merchant)
            else { throw Self.wrongAddress(option) }
            ways.append(
                Way(
                    address: address, terms: ChannelTerms(channel, profile),
                    token: try Self.token(
                        tokens.first { $0.name == name }?.value ?? arguments.text("token-file"),
                        isSandbox: path == "sandbox"),
                    accounts: try Self.accounts(
                        accounts.first { $0.name == name }?.value ?? arguments.text("accounts"))))
        }
        provider = ways[0].address
        self.ways = ways
    }

    /// The ways behind the channels.
    func gateways() throws(Failure) -> [Identifier: HTTPGateway] {
        var gateways: [Identifier: HTTPGateway] = [:]
        for way in ways {
            // In its one form: not every way to write an address is understood everywhere.
            let channel = way.terms.channel
            guard let url = URL(string: channel.origin + channel.path),
                let gateway = HTTPGateway(
                    baseURL: url, token: way.token, profile: way.terms.profile,
                    connection: connection)
            else { throw Self.wrongAddress("the channel \(way.terms.channel.name)") }
            gateways[way.terms.channel.name] = gateway
        }
        return gateways
    }

    /// A check of `--provider`, with requests of the caller's.
    static func check(
        _ arguments: Arguments,
        _ request: @escaping (_ number: Int, _ amount: Int64) -> ProviderRequest
    ) throws(Failure) -> ProviderCheck {
        let address = try arguments.required("provider")
        let path = arguments.text("profile")
        let profile = try profile(path)
        guard let channel = PaymentChannel(name: "default", address: address, merchant: nil),
            let url = URL(string: channel.origin + channel.path),
            let check = ProviderCheck(
                baseURL: url,
                token: try token(arguments.text("token-file"), isSandbox: path == "sandbox"),
                profile: profile, connection: try connection(arguments),
                now: { Timestamp.now }, request: request)
        else { throw wrongAddress("--provider") }
        return check
    }

    /// Without the address, which may hold a password.
    private static func wrongAddress(_ option: String) -> Failure {
        Failure(
            .usage,
            "\(option): an address is http://HOST[:PORT][/PATH] or https://..., "
                + "without a user, a query or a fragment; a token is visible ASCII")
    }

    func configuration(
        _ environment: Environment, _ partition: Partition, stopsAtEnd: Bool,
        memory: MemoryShare? = nil
    ) -> PayerConfiguration {
        var accounts: [Identifier: [String: String]] = [:]
        for way in ways { accounts[way.terms.channel.name] = way.accounts }
        let known = accounts
        return PayerConfiguration(
            environment: environment, partition: partition, channels: ways.map(\.terms),
            largestInFlight: inFlight, stopsAtEnd: stopsAtEnd, memory: memory
        ) { account, channel in
            known[channel].map { $0["\(account)"] } ?? "\(account)"
        }
    }

    /// The values NAME=VALUE of a repeatable option.
    private static func named(
        _ option: String, _ arguments: Arguments
    ) throws(Failure) -> [(name: Identifier, value: String)] {
        var found: [(name: Identifier, value: String)] = []
        for text in arguments.texts(option) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty,
                let name = Identifier(parsing: String(parts[0]))
            else {
                throw Failure(
                    .usage,
                    "--\(option) \(text): a channel's name is 1 to 64 characters of A-Z a-z 0-9 "
                        + ". _ : -, and = follows it, as in --\(option) bank=...")
            }
            found.append((name, String(parts[1])))
        }
        return found
    }

    // MARK: Files

    private static func connection(_ arguments: Arguments) throws(Failure) -> ProviderConnection {
        for name in ["ca-file", "client-certificate", "client-key"] {
            guard let path = arguments.text(name) else { continue }
            // libcurl would say so only with the first payment.
            let bytes = try InputFile.read(path, "--\(name) names a file")
            guard bytes.range(of: Data("-----BEGIN ".utf8)) != nil else {
                throw Failure(
                    .data, "\(path): no PEM; such a file says -----BEGIN CERTIFICATE-----")
            }
        }
        if arguments.text("client-key") != nil, arguments.text("client-certificate") == nil {
            throw Failure(.usage, "--client-key says nothing without --client-certificate")
        }
        let proxy = arguments.text("proxy")
        if let proxy {
            guard let parts = URLComponents(string: proxy), parts.scheme == "http",
                parts.host?.isEmpty == false, parts.port != nil, parts.user == nil,
                parts.path.isEmpty, parts.query == nil
            else {
                throw Failure(
                    .usage, "--proxy: a proxy is http://HOST:PORT, without a user or a path")
            }
        }
        return ProviderConnection(
            authoritiesFile: arguments.text("ca-file"),
            certificateFile: arguments.text("client-certificate"),
            keyFile: arguments.text("client-key"), proxy: proxy)
    }

    static func profile(_ path: String?) throws(Failure) -> ProviderProfile {
        guard let path else { return ProviderProfile() }
        if path == "sandbox" { return .sandbox }
        let bytes = try InputFile.read(path, "--profile names a file")
        do throws(ProfileFault) {
            return try ProviderProfile(json: Array(bytes))
        } catch {
            throw Failure(.configuration, "\(path): \(error.sentence)")
        }
    }

    private static func token(_ path: String?, isSandbox: Bool) throws(Failure) -> String {
        if let path {
            let text = try InputFile.secret(path, "--token-file names a file")
            return text.trimmingCharacters(in: .whitespaces)
        }
        let variable = "FAIRFILL_PROVIDER_TOKEN"
        if let token = ProcessInfo.processInfo.environment[variable], !token.isEmpty {
            return token
        }
        // The sandbox takes any token.
        if isSandbox { return "sandbox" }
        throw Failure(
            .usage,
            "the provider's token is missing: set \(variable), or name a file that only you may "
                + "read with --token-file")
    }

    private static func accounts(_ path: String?) throws(Failure) -> [String: String]? {
        guard let path else { return nil }
        let data = try InputFile.read(path, "--accounts names a file")
        let wrong = Failure(
            .data,
            "\(path): not a JSON object of texts, each account once, as {\"anna\":\"acc_9\"}")
        guard case .object(let members)? = JSONValue(parsing: Array(data)) else { throw wrong }
        var accounts: [String: String] = [:]
        for member in members {
            guard let account = member.value.string else { throw wrong }
            accounts[member.name] = account
        }
        return accounts
    }
}
