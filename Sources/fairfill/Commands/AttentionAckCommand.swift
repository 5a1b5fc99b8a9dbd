import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let attentionAck = Command(
        words: ["attention", "ack"],
        summary: "record that a person has looked at something",
        description: """
            attention list shows where each record stands, as PARTITION/OFFSET. Once you have looked
            at it, this takes note of it, with your name: attention list --open leaves it out. It
            changes nothing else.
            """,
        options: [
            Option(
                "at", "P/OFFSET", "where it stands (required; may be repeated)",
                isRepeatable: true),
            Option("actor", "NAME", "who you are (required)"),
        ],
        examples: ["fairfill attention ack --at 0/17 --actor anna"]
    ) { arguments throws(Failure) in
        let actor = try arguments.requiredIdentifier("actor")
        _ = try arguments.required("at")
        var locations: [AttentionLocation] = []
        for text in arguments.texts("at") {
            guard let location = AttentionLocation(text) else {
                throw Failure(.usage, "--at \(text): PARTITION/OFFSET, as attention list shows it")
            }
            locations.append(location)
        }
        let writing = ResolutionAppender(connection: try arguments.connect())
        for location in locations {
            guard location.partition < writing.connection.environment.partitions else {
                throw Failure(.usage, "--at \(location): there is no such partition")
            }
            let attention = writing.connection.partition(
                .attention, Partition(rawValue: location.partition))
            let bounds = try logged { () throws(LogError) in
                try writing.connection.log.bounds(of: [attention], .committed)[0]
            }
            guard bounds.start.rawValue <= location.offset,
                location.offset < bounds.end.rawValue
            else {
                throw Failure(.no, "nothing stands at \(location) in attention")
            }
        }
        try writing.write(
            locations.map {
                (
                    .acknowledgement(
                        AttentionAcknowledgement(
                            partition: Partition(rawValue: $0.partition),
                            offset: Offset(rawValue: $0.offset), actor: actor, at: .now)), nil
                )
            })
        let output = Output()
        for location in locations {
            if arguments.isJSON {
                var line = JSONLine()
                line.add("at", "\(location)")
                line.add("actor", "\(actor)")
                try output.line(line.line)
            } else {
                try output.text("\(location): \(actor) has looked at it")
            }
        }
        try output.flush()
        return .done
    }

    static let attentionExport = Command(
        words: ["attention", "export"],
        summary: "print every record of attention, with who has looked at it",
        description: """
            One JSON object a line: "partition" and "offset" say where the record stands, "record"
            is the record as it stands there, and "actor" and "ackedAt" who has looked at it first
            and when.
            """,
        options: [],
        examples: ["fairfill attention export | jq -r 'select(.actor == null) | .record.kind'"]
    ) { arguments throws(Failure) in
        let connection = try arguments.connect()
        let looked = try Acknowledgements(ResolutionAppender(connection: connection))
        let output = Output()
        for (number, partition) in connection.partitions(.attention).enumerated() {
            let bounds = try logged { () throws(LogError) in
                try connection.log.bounds(of: [partition], .committed)[0]
            }
            var decoder = RecordDecoder()
            var follow = try Follow(connection.log, [ReadStart(partition, from: bounds.start)])
            let isWhole = try follow.read(upTo: [bounds.end]) {
                (_, batch, index) throws(Failure) in
                let value = batch.value(index)
                guard (try? decoder.decodeAttention(value)) != nil, let value else { return }
                let at = AttentionLocation(Int64(number), batch.offset(index).rawValue)
                var line = JSONLine()
                line.add("partition", at.partition)
                line.add("offset", at.offset)
                line.add("record", json: String(decoding: value, as: UTF8.self))
                if let record = looked[at] {
                    line.add("actor", "\(record.actor)")
                    line.add("ackedAt", record.at.rawValue)
                }
                try output.line(line.line)
            }
            guard isWhole else {
                throw Failure(.incomplete, "interrupted before the end of \(partition)")
            }
        }
        try output.flush()
        return .done
    }
}

/// Where a record of `attention` stands.
struct AttentionLocation: Hashable, CustomStringConvertible {
    var partition: Int64
    var offset: Int64

    init(_ partition: Int64, _ offset: Int64) {
        self.partition = partition
        self.offset = offset
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let partition = Int64(parts[0]), let offset = Int64(parts[1]),
            partition >= 0, offset >= 0
        else { return nil }
        self.init(partition, offset)
    }

    var description: String { "\(partition)/\(offset)" }
}

/// Who has looked at what: the first one counts.
struct Acknowledgements {
    private var records: [AttentionLocation: AttentionAcknowledgement] = [:]

    init(_ resolutions: ResolutionAppender) throws(Failure) {
        var found: [AttentionLocation: AttentionAcknowledgement] = [:]
        try resolutions.read { (record) throws(Failure) in
            guard case .acknowledgement(let record) = record else { return }
            let location = AttentionLocation(record.partition.rawValue, record.offset.rawValue)
            if found[location] == nil { found[location] = record }
        }
        records = found
    }

    subscript(location: AttentionLocation) -> AttentionAcknowledgement? { records[location] }
}
