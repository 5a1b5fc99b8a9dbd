import Messages
import Schemas

/// Records that are nearly what their schema says, or are: the examples with each member in every
/// form that somebody may give it.
package enum RecordVariants {
    private static let longID = String(repeating: "a", count: 64)

    /// Values as they stand in a record, right for some members and wrong for others.
    private static let values: [String] = [
        "0", "1", "300", "9007199254740991", "9007199254740992", "-1", "-0", "1.0", "300.0", "3e2",
        "3E+2", "1.5", "1e-1", "1e400", "01", "+1", "true", "false", "null", "\"1\"", "\"\"",
        "\"a\"", "\"A.b_c:d-e\"", "\"a b\"", "\"a\\n\"", "\"\\u0061\"", "\"\\ud83d\\ude00\"",
        "\"\\ud800\"", "\"\u{e9}\"", "\"\\x\"",
        "\"\(longID)\"", "\"\(longID)a\"", "\"loan-7/b-1/1\"", "\"loan-7/b-1/0\"",
        "\"loan-7/b-1/refund/1\"", "\"loan-7/b-1/refund/1/1\"", "\"loan-7//1\"",
        "\"\(String(repeating: "a", count: 260))\"", "\"\(String(repeating: "a", count: 261))\"",
        "\"\(String(repeating: "a", count: 255))\"", "\"\(String(repeating: "a", count: 256))\"",
        "\"\(String(repeating: "\u{e9}", count: 127))\"",
        "\"\(String(repeating: "\u{e9}", count: 128))\"",
        "\"\(String(repeating: "\u{e9}", count: 512))\"",
        "\"\(String(repeating: "\u{e9}", count: 513))\"",
        "\"CNY\"", "\"cny\"", "\"CNYX\"", "\"split\"", "\"Split\"", "\"hold\"", "\"interest\"",
        "\"principal\"", "\"outcomeUnknown\"", "\"paid\"", "[]", "[1]", "[\"a\"]",
        "[\"a\",\"b\"]", "[\"a b\"]", "{}", "{\"account\":\"a\",\"maxShares\":1}",
        "{\"account\":\"a\",\"maxShares\":1.0}", "{\"account\":\"a\"}",
        "{\"account\":\"a b\",\"maxShares\":1}", "{\"account\":\"a\",\"maxShares\":-1}",
        "{\"account\":\"a\",\"maxShares\":1,\"maxShares\":1}",
        "{\"interest\":[\"a\"]}", "{\"interest\":\"a\"}", "{\"principal\":[\"a b\"]}",
        "{\"interest\":[\"a\"],\"interest\":[\"a\"]}",
        "{\"interest\":[],\"principal\":[\"end\"]}",
    ]

    /// Of the records of one topic: with each value for each member that is listed, without each,
    /// with each twice, with one that nobody lists, and too long.
    ///
    /// - Parameter fraction: only each so manieth of the values, where the records are many.
    package static func all(of topic: Topic, oneOf fraction: Int = 1) throws -> [String] {
        let largest = RecordCheck.largest(topic)
        var made: [String] = []
        var turn = 0
        for record in topic.recordSchemas {
            let schema = try Node(parsing: record.document.line)
            guard case .object(let properties)? = schema["properties"] else { continue }
            for example in record.examples {
                let members = try members(example)
                made.append(example)
                made.append(text([("unlisted", "1.0")] + members))
                for length in [largest, largest + 1] {
                    // Behind the brace: what follows the seal of a decision breaks it.
                    made.append(
                        "{" + String(repeating: " ", count: length - example.utf8.count)
                            + example.dropFirst())
                }
                for name in properties.keys.sorted() where name != "type" {
                    let others = members.filter { $0.name != name }
                    made.append(text(others))
                    // In its own place: a decision's last members are its seal.
                    let own = members.firstIndex { $0.name == name }
                    let index = own ?? max(0, members.count - 2)
                    func with(_ member: (String, String)) -> String {
                        text(others[..<index] + [member] + others[index...])
                    }
                    if let own { made.append(text([members[own]] + members)) }
                    for value in values where !isRepeating(value, in: name) {
                        turn += 1
                        guard turn % fraction == 0 else { continue }
                        made.append(with((name, value)))
                    }
                }
            }
        }
        return made
    }

    /// Whether a value repeats what the member does not list, which nobody minds.
    private static func isRepeating(_ value: String, in name: String) -> Bool {
        (value.contains("\"maxShares\":1,\"maxShares\"") && name != "backstop")
            || (value.contains("],\"interest\"") && name != "distributions")
    }

    private static func text(
        _ members: some Sequence<(name: String, value: String)>
    ) -> String {
        "{\(members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ","))}"
    }

    /// The members of an example in their order, their values as they stand there.
    private static func members(_ example: String) throws -> [(name: String, value: String)] {
        guard case .object(let names) = try Node(parsing: example) else { return [] }
        var found: [(Int, (name: String, value: String))] = []
        let bytes = Array(example.utf8)
        for name in names.keys.sorted() {
            // A name stands once, as a member's, or the examples would have to be read more finely.
            let key = Array("\"\(name)\":".utf8)
            guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: key) }) else {
                continue
            }
            var (end, depth, isQuoted) = (start + key.count, 0, false)
            let first = end
            while end < bytes.count {
                let byte = bytes[end]
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                if !isQuoted {
                    if [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(byte) { depth += 1 }
                    if depth == 0, [UInt8(ascii: ","), UInt8(ascii: "}")].contains(byte) { break }
                    if [UInt8(ascii: "}"), UInt8(ascii: "]")].contains(byte) { depth -= 1 }
                }
                end += 1
            }
            found.append(
                (start, (name, String(decoding: bytes[first..<end], as: UTF8.self))))
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
