import Foundation

/// A schema, taken apart once so that many values can be checked.
struct Rule: Sendable {
    var checks: [Check]

    static let always = Rule(checks: [])
    static let never = Rule(checks: [.never])
}

/// What one keyword, or a few that belong together, ask for.
indirect enum Check: Sendable {
    case never
    case refer(String)
    case types([Kind])
    case oneOf([Node])
    case range(Double, Double)
    case above(Double)
    case length(Int, Int)
    /// Our notes, which are no keywords of JSON Schema: a number in digits only, and the most
    /// bytes of a text.
    case digits
    case bytes(Int)
    case pattern(Pattern)
    case count(Int)
    case unique
    case items(Rule)
    case tuple([Rule])
    case required([String])
    case members([String: Rule], [(Pattern, Rule)], Rule)
    case names(Rule)
    case together([String: [String]])
    case all([Rule])
    case any([Rule])
    case exactlyOne([Rule])
    case not(Rule)
    case when(Rule, Rule, Rule)
}

/// The types of JSON Schema.
enum Kind: String, Sendable {
    case null, boolean, integer, number, string, array, object

    func holds(_ value: Node) -> Bool {
        switch (self, value) {
        case (.null, .null), (.boolean, .bool), (.integer, .integer), (.number, .integer),
            (.number, .number), (.string, .string), (.array, .array), (.object, .object):
            true
        // 1.0 is an integer to JSON Schema; `x-form` says that it is none to our readers.
        case (.integer, .number(let number)): number == number.rounded()
        default: false
        }
    }
}

/// A regular expression as JSON Schema means it.
struct Pattern: Sendable {
    let source: String
    private let expression: NSRegularExpression
    /// Ids are looked at by the hundred thousand: what is one class and how often is not worth
    /// an expression.
    private let run: Run?

    init(_ source: String) throws {
        self.source = source
        // `$` stands before a last newline, too, in other dialects than ECMAScript's.
        let isAnchored = source.hasSuffix("$") && !source.hasSuffix("\\$")
        expression = try NSRegularExpression(
            pattern: isAnchored ? source.dropLast() + "\\z" : source)
        run = Run(source)
    }

    func holds(_ text: String) -> Bool {
        if let run { return run.holds(text) }
        return expression.firstMatch(
            in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }
}

/// `^[a-z_]{1,64}$`: characters of one class.
private struct Run: Sendable {
    private var allowed = [Bool](repeating: false, count: 256)
    private let counts: ClosedRange<Int>

    init?(_ source: String) {
        let form = #/\^\[([A-Za-z0-9._:\/-]+)\]\{([0-9]+)(?:,([0-9]+))?\}\$/#
        guard let match = source.wholeMatch(of: form), let least = Int(match.output.2),
            let most = match.output.3.map({ Int($0) }) ?? least, least <= most
        else { return nil }
        counts = least...most
        let characters = Array(match.output.1.utf8)
        var index = 0
        while index < characters.count {
            let isRange = index + 2 < characters.count
                && characters[index + 1] == UInt8(ascii: "-")
            let last = characters[isRange ? index + 2 : index]
            for character in characters[index]...last { allowed[Int(character)] = true }
            index += isRange ? 3 : 1
        }
    }

    func holds(_ text: String) -> Bool {
        counts.contains(text.utf8.count) && text.utf8.allSatisfy { allowed[Int($0)] }
    }
}
