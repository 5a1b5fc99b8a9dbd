import Messages
import Schemas
import Vocabulary

/// Checks records as tests read them from a log: every record that is written must be what its
/// schema says, and say nothing that its schema does not list.
package enum RecordCheck {
    /// What is wrong with a record of a topic, or nil.
    ///
    /// Inputs may come from anyone, so a test may put anything there: of those that the decoder
    /// reads, the schema must say the same.
    package static func fault(_ value: String?, in topic: Topic) -> String? {
        switch topic {
        case .bids, .offeringCommands, .paymentResults, .paymentResolutions:
            guard let value, isRead(value, topic) else { return nil }
            return fault(value, in: topic, among: open)
        case .invalid: return nil
        case .decisions, .paymentCommands, .paymentJournal, .paymentMarks, .attention, .progress,
            .environment:
            guard let value else { return "a record of \(topic.name) has no value" }
            return fault(value, in: topic, among: closed)
        }
    }

    /// What the schema of a record's own type finds wrong with it, or nil. With `isOurs` every
    /// member must be one that the schema lists.
    package static func fault(_ value: String, in topic: Topic, isOurs: Bool) -> String? {
        fault(value, in: topic, among: isOurs ? closed : open)
    }

    private static func fault(
        _ value: String, in topic: Topic, among validators: [String: Validator]
    ) -> String? {
        do {
            let node = try Node(parsing: value)
            let largest = largest(topic)
            if value.utf8.count > largest { return "\(topic.name): longer than \(largest) bytes" }
            let name = topic.recordTypes.isEmpty
                ? topic.name : "\(topic.name).\(node["type"]?.text ?? "")"
            guard let validator = validators[name] else { return "no schema of \(name): \(value)" }
            return validator.fault(node).map { "\(name): \($0): \(value)" }
        } catch {
            return "\(topic.name): \(error): \(value)"
        }
    }

    /// Whether the decoder of the topic reads a record with this value.
    package static func isRead(_ value: String, _ topic: Topic) -> Bool {
        do {
            try read(value, topic)
            return true
        } catch {
            return false
        }
    }

    /// Reads a record of a topic as whoever reads the topic does.
    package static func read(_ value: String, _ topic: Topic) throws(Malformation) {
        var decoder = RecordDecoder()
        let bytes = Array(value.utf8)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        defer { room.deallocate() }
        room.copyBytes(from: bytes)
        let record = UnsafeRawBufferPointer(room)
        switch topic {
        case .bids: _ = try decoder.decode(record, from: .bids)
        case .offeringCommands: _ = try decoder.decode(record, from: .offeringCommands)
        case .paymentResults: _ = try decoder.decode(record, from: .paymentResults)
        case .decisions: _ = try decoder.decodeDecision(record)
        case .paymentCommands: _ = try decoder.decodePaymentOrder(record)
        case .paymentJournal: _ = try decoder.decodeJournal(record)
        case .paymentResolutions: _ = try decoder.decodeResolution(record)
        case .paymentMarks: _ = try decoder.decodeMark(record)
        case .attention: _ = try decoder.decodeAttention(record)
        case .progress: _ = try decoder.decodeProgress(record)
        case .environment: _ = try decoder.decodeEnvironment(record)
        case .invalid: preconditionFailure("what could not be read follows no form")
        }
    }

    /// The longest value of a topic: what others write is shorter than what is made of it.
    static func largest(_ topic: Topic) -> Int {
        switch topic {
        case .bids, .offeringCommands, .paymentResults, .paymentResolutions: RecordLimits.value
        default: RecordLimits.ownValue
        }
    }

    private static let open = validators(isClosed: false)
    private static let closed = validators(isClosed: true)

    private static func validators(isClosed: Bool) -> [String: Validator] {
        var made: [String: Validator] = [:]
        for record in Topic.allCases.flatMap(\.recordSchemas) {
            do {
                made[record.name] = try Validator(
                    Node(parsing: record.document.line), isClosed: isClosed)
            } catch {
                preconditionFailure("the schema of \(record.name): \(error)")
            }
        }
        return made
    }
}
