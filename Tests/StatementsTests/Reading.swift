import Payments
import Statements
import Vocabulary

/// What a test reads a statement with.
enum Reading {
    /// What a statement in lines says, in pieces of `step` bytes.
    static func lines(
        _ text: String, _ form: LinedStatement.Form, _ mapping: StatementMapping = .init(),
        step: Int = 7
    ) throws -> [StatementItem] {
        try lines(bytes: Array(text.utf8), form, mapping, step: step)
    }

    static func lines(
        bytes: [UInt8], _ form: LinedStatement.Form, _ mapping: StatementMapping = .init(),
        step: Int = 7
    ) throws -> [StatementItem] {
        var items: [StatementItem] = []
        var reader = LinedStatement(form, mapping)
        for start in stride(from: 0, to: bytes.count, by: step) {
            try reader.take(bytes[start..<min(start + step, bytes.count)]) { items.append($0) }
        }
        try reader.finish { items.append($0) }
        return items
    }

    static func camt(_ text: String, zone: Int = 0) throws -> [StatementItem] {
        final class Items { var items: [StatementItem] = [] }
        let found = Items()
        _ = try CamtStatement.read(Array(text.utf8), zone: zone) { found.items.append($0) }
        return found.items
    }

    static func mapping(_ json: String) throws -> StatementMapping {
        try StatementMapping(json: Array(json.utf8))
    }

    /// What a mapping is refused with; nil where it is taken.
    static func refusal(_ json: String) -> String? {
        do {
            _ = try mapping(json)
            return nil
        } catch {
            return (error as? StatementFault)?.sentence ?? "\(error)"
        }
    }

    /// A checked statement, its lines, and what is wrong with it.
    static func check(
        _ items: [StatementItem], balancesComeFirst: Bool = false
    ) -> (statement: CheckedStatement, lines: [ProviderLine], remarks: [String]) {
        var check = StatementCheck(balancesComeFirst: balancesComeFirst)
        let lines = items.compactMap { check.take($0) }
        let statement = check.finish()
        return (statement, lines, check.remarks.map(\.sentence))
    }
}

extension StatementItem {
    /// What is wrong with a line, its number first; nil of any other item.
    var fault: String? {
        guard case .wrong(let number, let words) = self else { return nil }
        return "\(number): \(words)"
    }

    /// A line in few words; nil of any other item.
    var short: String? {
        guard case .line(let line) = self else { return nil }
        return line.short
    }
}

extension ProviderLine {
    var short: String {
        "\(number) \(key ?? "-") \(reference ?? "-") \(amount) \(currency) \(direction.rawValue) "
            + kind.rawValue
    }
}

extension StatementMoment: CustomStringConvertible {
    public var description: String { "\(start)...\(end)" }
}
