import CommandLine
import FairfillClient
import Payments
import Statements
import Vocabulary

extension Command {
    static let reconcile = Command(
        words: ["reconcile"],
        summary: "compare a provider's statement with the payments",
        description: """
            Reads statements of one account at a provider, the oldest first, and compares each line
            with payment-journal and decisions. Differences have types: missingThere, unknown,
            otherAmount, twice, returned, late, contradiction, executed, otherChannel.

            Without --apply it changes nothing. With it, payment-resolutions tells the payer what
            lines and proven declines say of payments; a statement that is broken tells nothing.

            A line proves that money moved. That a line is missing proves something only if the
            statement is closed (opening + lines = closing), opens with what the one before closed
            with, and reaches from the first sending of a payment past its last moment and
            --booking-delay. Then a decline of the provider is proven; for a payment in doubt it is
            evidence that two people may use, and no proof.

            Statements are CSV, NDJSON or camt.053. --mapping says in JSON which column or member is
            what; without it they are those of sandbox-bank:
              key, reference            our key, and the provider's id (one must be there)
              amount                    with "unit" minor (default) or decimal, then
                                        "decimalSeparator" and "groupSeparator"
              direction                 with the words "collect" and "payout"; or
                                        "signs" positiveCollects or positivePaysOut
              currency                  a column; or "currencyOfAll", a code
              bookedAt                  with "bookedAtForm" and "timeZone", as "+08:00"
              line                      with the words "booked", "returned", "opening", "closing"
                                        and "ignored"; without it each line is a payment
              delimiter, header         of CSV: ",", ";" or a tab; whether columns have names
            Of camt.053, EndToEndId is the key, and only "timeZone" may be mapped.

            Ends with 0 if nothing differs, 1 if something does, 3 if not all could be checked, and
            65 if a statement can't be read.
            """,
        options: [
            Option(
                "statement", "FILE",
                "a statement; may be repeated, the oldest first (required; - is standard input)",
                isRepeatable: true),
            Option(
                "mapping", "FILE", "what their columns are (default: those of sandbox-bank)"),
            Option(
                "format", "FORMAT", "csv, ndjson or camt053 (default: by how each begins)",
                words: StatementFormat.allCases.map(\.rawValue)),
            Option(
                "channel", "NAME",
                "the channel whose account it is (default: the one that payments were sent over)"),
            Option(
                "previous-closing", "AMOUNT",
                "what the one before the first closed with, in minor units (default: unknown)"),
            Option("profile", "FILE", "the provider's, or the word sandbox (default: nothing)"),
            Option(
                "booking-delay", "DURATION",
                "how much later than its last moment a payment may be booked (default 1d)"),
            Option("apply", nil, "tell the payer what was found (default: change nothing)"),
            Option("actor", "NAME", "with --apply: who says so (required then)"),
        ],
        examples: [
            "fairfill reconcile --statement monday.xml --statement tuesday.xml",
            "fairfill reconcile --statement bank.csv --mapping bank.json --apply --actor anna",
        ]
    ) { arguments throws(Failure) in try StatementComparison(arguments).run() }
}

/// The formats of statements, as values of `--format`.
enum StatementFormat: String, CaseIterable {
    case csv = "csv", ndjson = "ndjson", camt053 = "camt053"

    /// What a file is by its first byte that is no blank.
    init(firstByte: UInt8?) {
        self = switch firstByte {
        case UInt8(ascii: "<"): .camt053
        case UInt8(ascii: "{"): .ndjson
        default: .csv
        }
    }
}

/// What a run of `reconcile` was asked.
struct StatementOptions {
    let paths: [String]
    let format: StatementFormat?
    let profile: ProviderProfile
    let bookingDelay: Milliseconds
    let previousClosing: MinorUnits?
    private let mappingPath: String?
    private let mappingBytes: [UInt8]?

    /// With `isReconciling` what `reconcile` asks besides the files, too.
    init(_ arguments: Arguments, isReconciling: Bool = true) throws(Failure) {
        if isReconciling { _ = try arguments.required("statement") }
        paths = arguments.texts("statement")
        guard paths.count(where: { $0 == "-" }) <= 1 else {
            throw Failure(.usage, "--statement -: standard input is there only once")
        }
        format = arguments.choice("format")
        profile = isReconciling
            ? try PayerOptions.profile(arguments.text("profile")) : ProviderProfile()
        bookingDelay = Milliseconds(
            rawValue: isReconciling
                ? try arguments.milliseconds("booking-delay") ?? 86_400_000 : 0)
        guard bookingDelay.rawValue <= 366 * 86_400_000 else {
            throw Failure(.usage, "--booking-delay: at most 366d")
        }
        previousClosing = isReconciling
            ? try Self.signed(arguments.text("previous-closing")) : nil
        mappingPath = arguments.text("mapping")
        mappingBytes = try mappingPath.map { path throws(Failure) in
            Array(try InputFile.read(path, "--mapping names a file"))
        }
        // A mapping that no statement here can use is refused before anything is read.
        if format != .camt053, mappingBytes != nil, format != nil { _ = try mapping() }
    }

    private static func signed(_ text: String?) throws(Failure) -> MinorUnits? {
        guard let text else { return nil }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let units = Int64(text), abs(units) <= largestInteger
        else {
            throw Failure(
                .usage, "--previous-closing \(text): a whole number of minor units, as 120000")
        }
        return MinorUnits(rawValue: units)
    }

    func mapping() throws(Failure) -> StatementMapping {
        guard let mappingBytes, let mappingPath else { return StatementMapping() }
        do throws(StatementFault) {
            return try StatementMapping(json: mappingBytes)
        } catch {
            throw Failure(.configuration, "\(mappingPath): \(error.sentence)")
        }
    }

    /// Minutes east of UTC of the days of camt.053.
    func zone() throws(Failure) -> Int {
        guard let mappingBytes, let mappingPath else { return 0 }
        do throws(StatementFault) {
            return try StatementMapping.zone(json: mappingBytes)
        } catch {
            throw Failure(.configuration, "\(mappingPath): \(error.sentence)")
        }
    }
}
