import Foundation
import Messages
import Vocabulary

/// The inputs of a golden book, in the order in which they are decided.
///
/// The first line names the partition, the environment as its record has it, and the number of the
/// decision after which each epoch began. Each other line is an input: `topic`, `offset` and `at`;
/// `env` where the record has that header; then `record`, the value byte for byte, or `text`, the
/// value as a string where it is no JSON. A line of the topic `clock` is a deadline, and has
/// nothing but its time.
struct GoldenStory {
    var partition: Partition
    var environment: Environment
    var epochs: [DecisionNumber]
    var lines: [Line]

    struct Line {
        /// How it stands in the file.
        var text: String
        var source: Source
        /// The header `env`.
        var environment: String?
        /// nil where the record has no value.
        var value: [UInt8]?
    }

    init(_ lines: [String]) throws {
        guard let first = lines.first else { throw Unreadable(line: "") }
        let (head, record) = try Self.split(first, at: ",\"environment\":")
        let opening = try Self.decode(Opening.self, head)
        partition = Partition(opening.partition)
        epochs = opening.epochs.map { DecisionNumber($0) }
        var decoder = RecordDecoder()
        var bytes = record ?? ""
        environment = try bytes.withUTF8 {
            try decoder.decodeEnvironment(UnsafeRawBufferPointer($0))
        }
        self.lines = []
        for line in lines.dropFirst() { self.lines.append(try read(line)) }
    }

    private func read(_ text: String) throws -> Line {
        let (head, record) = try Self.split(text, at: ",\"record\":")
        let input = try Self.decode(Input.self, head)
        guard let topic = InputTopic.allCases.first(where: { "\($0.name)" == input.topic }) else {
            throw Unreadable(line: text)
        }
        // The deadline is the offset of what the clock causes.
        let source = Source(
            topic: topic, partition: partition, offset: Offset(input.offset ?? input.at),
            at: Timestamp(input.at))
        let value = input.text ?? (record == "null" ? nil : record)
        return Line(
            text: text, source: source, environment: input.env, value: value.map { Array($0.utf8) })
    }

    /// The envelope as an object, and the bytes of its last member, where it has that one.
    private static func split(
        _ line: String, at member: String
    ) throws -> (head: String, record: String?) {
        guard line.hasSuffix("}") else { throw Unreadable(line: line) }
        guard let range = line.range(of: member) else { return (line, nil) }
        return (line[..<range.lowerBound] + "}", String(line[range.upperBound...].dropLast()))
    }

    private static func decode<Value: Decodable>(_: Value.Type, _ text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw Unreadable(line: text)
        }
    }

    struct Unreadable: Error {
        var line: String
    }

    private struct Opening: Decodable {
        var partition: Int64
        var epochs: [Int64]
    }

    private struct Input: Decodable {
        var topic: String
        var offset: Int64?
        var at: Int64
        var env: String?
        var text: String?
    }
}
