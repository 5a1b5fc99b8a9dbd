import JSON
import Messages
import Vocabulary

extension Topic {
    /// The schemas of the topic's records, one a type, in the order of the types. None of
    /// `invalid`, whose values are what could not be read.
    package var recordSchemas: [RecordSchema] {
        switch self {
        case .bids: RecordSchema.bids
        case .offeringCommands: RecordSchema.offeringCommands
        case .paymentResults: PaymentResult.Kind.allCases.map { .paymentResult($0) }
        case .decisions: DecisionType.allCases.map { .decision($0) }
        case .paymentCommands: RecordSchema.paymentCommands
        case .paymentJournal: RecordSchema.paymentJournal
        case .paymentResolutions: RecordSchema.paymentResolutions
        case .paymentMarks: [.paymentMark]
        case .invalid: []
        case .attention: [.attention]
        case .progress: [.progress]
        case .environment: [.environment]
        }
    }

    /// One sentence on what stands in the topic.
    package var summary: String {
        switch self {
        case .bids: "Bids, and requests to take bids back."
        case .offeringCommands: "What operators ask for."
        case .paymentResults: "What became of payment commands."
        case .decisions: "What the allocator says about each record of its inputs: the book."
        case .paymentCommands: "Orders to collect or pay money, and orders to recall them."
        case .paymentJournal: "What the payer did and learnt, written before it acts."
        case .paymentResolutions: "What operators decide about payments, two people each time."
        case .paymentMarks: "How far each partition's payment-journal goes."
        case .attention: "What an operator must look at."
        case .invalid: "The first bytes, unchanged, of records that could not be read."
        case .progress: "How far each offering is; the last record of an offering counts."
        case .environment: "The environment's settings: one record, checked at every start."
        }
    }

    /// The schema of all that may stand in the topic, as a separate document: nil where
    /// values follow none.
    package var document: JSONValue? {
        let records = recordSchemas
        guard let first = records.first else { return nil }
        if records.count == 1 { return first.document }
        // `type` tells the records apart, so no value is two of them.
        return .object([
            .init("$schema", .string(RecordSchema.dialect)),
            .init("title", .string(name)), .init("description", .string(summary)),
            .init(
                "oneOf",
                .array(records.map { ["$ref": .string("#/definitions/\($0.type ?? $0.name)")] })),
            .init(
                "definitions",
                .object(records.map { .init($0.type ?? $0.name, $0.schema) })),
        ])
    }

    /// The schema of the headers of its records.
    package var headers: JSONValue {
        switch self {
        case .invalid: Headers.ofInvalid
        case .bids: Headers.ordinary(needEnvironment: false)
        default: Headers.ordinary(needEnvironment: true)
        }
    }

    /// What a record's key is.
    var keyForm: JSONValue {
        switch key {
        case .offering: Form.id("The offering. Empty if a record names none.")
        case .account: Form.id("The account.")
        case .offeringOrAccount: Form.id("The offering, or the account if there is none.")
        case .partition: Form.matching("[0-9]+", "The number of the partition.")
        case .accountOrPartition: Form.id(
            "The account, or the partition's number if there is none.")
        case .original: ["description": "The key of the record that could not be read."]
        case .environment: Form.constant("environment", "There is one record.")
        }
    }
}

/// Headers, whose values are texts.
private enum Headers {
    static func ordinary(needEnvironment: Bool) -> JSONValue {
        let environment = needEnvironment
            ? SchemaMember.required("\(HeaderName.environment)", Form.text(
                "The environment. A record of another one is refused.",
                largest: RecordLimits.environmentText))
            : .optional("\(HeaderName.environment)", Form.text(
                "The environment. May be left out; a record of another one is refused.",
                largest: RecordLimits.environmentText))
        return Form.object("Headers of a record.", [
            environment,
            .optional("\(HeaderName.traceparent)", Form.text(
                "W3C Trace Context. It goes on to all records that this one causes.",
                largest: 128)),
        ])
    }

    static let ofInvalid = Form.object("What is known about a record that could not be read.", [
        .required("\(HeaderName.environment)", Form.text(
            "The environment that read it.", largest: RecordLimits.environmentText)),
        .required("\(HeaderName.length)", Form.matching(
            "[0-9]+", "Length of the whole value in bytes, in decimal digits.")),
        .required("\(HeaderName.sha256)", Form.hash("Of the whole value.")),
        .required("\(HeaderName.reason)", ["type": "string", "description": "What is wrong."]),
        .required("\(HeaderName.topic)", Form.word(
            "Where it stands: the topic without its environment,", of: Topic.self)),
        .required("\(HeaderName.partition)", Form.matching("[0-9]+", "the partition,")),
        .required("\(HeaderName.offset)", Form.matching("[0-9]+", "and the offset.")),
    ])
}
