import EventLog
import Foundation
import Gateway
import Messages
import Payments
import Vocabulary
import Workers

extension Command {
    static let pay = Command(
        words: ["pay"],
        summary: "run the payer: execute payment commands, each at most once",
        description: """
            What it is going to send is committed to payment-journal before the first byte leaves;
            what became of it is proven by the provider's record, or stays in doubt for people. It
            may be killed at any moment: started again it asks the provider before it sends
            anything a second time. A second payer that is started takes over, and the first ends
            with 80.

            A profile says what the provider guarantees, as one JSON object:
            {"idempotent":true,"keyTTL":"35d","lookupByKey":true,"notFoundIsFinal":true}. What it
            leaves out is not relied on. The token is read from the variable
            FAIRFILL_PROVIDER_TOKEN or from the file of --token-file.

            """ + Grouping.description,
        options: PayerOptions.options + [
            Grouping.option,
            Option("until-end", nil, "stop once all commands there are settled, or parked"),
        ],
        examples: [
            "fairfill pay --provider http://127.0.0.1:8090 --profile sandbox",
            "fairfill pay --provider https://bank.example/api --profile bank.json "
                + "--token-file token.txt",
        ]
    ) { arguments throws(Failure) in
        let options = try PayerOptions(arguments)
        let place = try arguments.openPlace()
        try place.checkTopics()
        let gateway = try options.gateway()
        defer { gateway.close() }
        let reporter = PayerReporter(arguments, gateway: options.provider)
        let clock = PayerClock()
        let stopsAtEnd = arguments.has("until-end")
        func lane(_ partition: Partition) -> PayerDriver {
            PayerDriver(
                options.configuration(place.environment, partition, stopsAtEnd: stopsAtEnd),
                log: place.log, gateway: gateway, clock: { clock.now }
            ) { reporter.hear(partition, $0) }
        }
        let end = try Grouping.run("payer", place, sharing: .paymentCommands, arguments, lane)
        try reporter.end()
        try check(end)
        return .done
    }
}

/// What a payer is told on the command line: the provider, what it guarantees, how fast.
struct PayerOptions {
    static let options = [
        Option("provider", "URL", "where the provider listens (required by pay)"),
        Option("profile", "FILE", "what it guarantees, or the word sandbox (default: nothing)"),
        Option(
            "token-file", "FILE",
            "a file with the provider's token and nothing else (default: none)"),
        Option(
            "accounts", "FILE",
            #"{"ACCOUNT":"TOKEN",...}: accounts as the provider knows them (default: by ids)"#),
        Option("in-flight", "N", "payments under way at once, 1 to 250 (default 32)"),
    ]

    let provider: String
    private let profile: ProviderProfile
    private let token: String
    private let accounts: [String: String]?
    private let inFlight: Int

    init(_ arguments: Arguments) throws(Failure) {
        provider = try arguments.required("provider")
        let inFlight = try arguments.integer("in-flight") ?? 32
        guard (1...250).contains(inFlight) else {
            throw Failure(.usage, "--in-flight \(inFlight): 1 to 250")
        }
        self.inFlight = Int(inFlight)
        profile = try Self.profile(arguments)
        token = try Self.token(arguments)
        accounts = try Self.accounts(arguments)
    }

    func gateway() throws(Failure) -> HTTPGateway {
        guard let url = URL(string: provider),
            let gateway = HTTPGateway(
                baseURL: url, token: token, reusesConnections: profile.reusesConnections,
                httpDeadlineMilliseconds: Int(profile.httpDeadlineMilliseconds))
        else {
            throw Failure(
                .usage,
                "--provider \(provider): an address is http://HOST[:PORT][/PATH] or https://..., "
                    + "without a user, a query or a fragment; a token is visible ASCII")
        }
        return gateway
    }

    func configuration(
        _ environment: Environment, _ partition: Partition, stopsAtEnd: Bool
    ) -> PayerConfiguration {
        var configuration = PayerConfiguration(
            environment: environment, partition: partition, profile: profile,
            largestInFlight: inFlight, stopsAtEnd: stopsAtEnd)
        if let accounts { configuration.accountToken = { accounts["\($0)"] } }
        return configuration
    }

    // MARK: Files

    private static func profile(_ arguments: Arguments) throws(Failure) -> ProviderProfile {
        guard let path = arguments.text("profile") else { return ProviderProfile() }
        if path == "sandbox" { return .sandbox }
        let bytes = try InputFile.read(path, "--profile names a file")
        do throws(ProfileFault) {
            return try ProviderProfile(json: Array(bytes))
        } catch {
            throw Failure(.configuration, "\(path): \(error.sentence)")
        }
    }

    private static func token(_ arguments: Arguments) throws(Failure) -> String {
        if let path = arguments.text("token-file") {
            let data = try InputFile.read(path, "--token-file names a file")
            let text = String(decoding: data, as: UTF8.self)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let variable = "FAIRFILL_PROVIDER_TOKEN"
        if let token = ProcessInfo.processInfo.environment[variable], !token.isEmpty {
            return token
        }
        // The sandbox takes any token.
        if arguments.text("profile") == "sandbox" { return "sandbox" }
        throw Failure(
            .usage,
            "the provider's token is missing: set \(variable), or name a file that only you may "
                + "read with --token-file")
    }

    private static func accounts(_ arguments: Arguments) throws(Failure) -> [String: String]? {
        guard let path = arguments.text("accounts") else { return nil }
        guard let accounts = try? JSONDecoder().decode(
            [String: String].self, from: try InputFile.read(path, "--accounts names a file"))
        else {
            throw Failure(
                .data, "\(path): not a JSON object of texts, as {\"anna\":\"acc_9\"}")
        }
        return accounts
    }
}
