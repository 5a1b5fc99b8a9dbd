import Foundation
import Vocabulary

/// Sentences and numbers for people.
package enum Words {
    /// `1 bid`, `2 bids`, `30,000 bids`; `many` where the plural is not the word with an s.
    package static func count(
        _ number: some BinaryInteger, _ one: String, _ many: String? = nil
    ) -> String {
        "\(number.grouped) \(number == 1 ? one : many ?? one + "s")"
    }

    /// `a, b or c`.
    package static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

/// Text in a terminal's columns, and in a pipe the same.
package enum Layout {
    /// How wide what people see may be.
    package static let width = 80

    /// `text` with blanks behind it up to a width.
    package static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// `text` with blanks before it up to a width.
    package static func aligned(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// At most so many characters: the end of what is longer is an ellipsis.
    package static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
    }

    /// How many columns a text takes: colours take none.
    package static func columns(_ text: some StringProtocol) -> Int {
        var count = 0
        var isColour = false
        for character in text {
            if character == "\u{1b}" { isColour = true }
            if !isColour { count += 1 }
            if character == "m" { isColour = false }
        }
        return count
    }

    /// Lines of at most `width`, broken between words; those after the first begin with `indent`
    /// blanks. A word that is longer than a line stays whole, unless it may be cut.
    package static func wrapped(
        _ text: String, first: String = "", indent: Int = 0, width: Int = Layout.width,
        cutsWords: Bool = false
    ) -> String {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for whole in text.split(separator: " ") {
            let word = cutsWords ? cut(String(whole), to: width - indent) : String(whole)
            if !isEmpty, columns(line) + columns(word) + 1 > width {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// A remark behind its first words. Each of its lines is broken between words, and goes on
    /// below with an indent that no line of a remark begins with otherwise.
    package static func remark(_ text: String, _ first: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { index, line in
                let whole = (index == 0 ? first : "") + line
                return columns(whole) <= width
                    ? whole : wrapped(String(line), first: index == 0 ? first : "", indent: 4)
            }
            .joined(separator: "\n")
    }

    /// Pieces one behind the other; one without room on a line begins the next, behind an indent.
    package static func pieces(_ pieces: [String], indent: Int) -> String {
        var lines: [String] = []
        for piece in pieces {
            if let last = lines.last, columns(last) + columns(piece) + 2 <= width {
                lines[lines.count - 1] = last + "  " + piece
            } else {
                lines.append(lines.isEmpty ? piece : String(repeating: " ", count: indent) + piece)
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Paragraphs of at most `width`. Lines without an indent flow into one; an indented line
    /// stays a separate line, and is broken under the column of its explanation.
    package static func filled(_ text: String, width: Int = Layout.width) -> String {
        var lines: [String] = []
        var paragraph: [Substring] = []
        func end() {
            guard !paragraph.isEmpty else { return }
            lines.append(wrapped(paragraph.joined(separator: " "), width: width))
            paragraph = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if !line.isEmpty, !line.hasPrefix(" ") {
                paragraph.append(line)
                continue
            }
            end()
            lines.append(line.count <= width ? String(line) : row(line, width))
        }
        end()
        return lines.joined(separator: "\n")
    }

    /// A line of a table, such as `  word   explanation`, broken under the explanation.
    private static func row(_ line: Substring, _ width: Int) -> String {
        let indent = line.prefix { $0 == " " }.count
        let rest = line.dropFirst(indent)
        guard let gap = rest.firstRange(of: "  ") else {
            return wrapped(String(rest), first: String(line.prefix(indent)), indent: indent,
                           width: width)
        }
        let text = rest[gap.upperBound...].drop { $0 == " " }
        let column = line.distance(from: line.startIndex, to: text.startIndex)
        return wrapped(
            String(text), first: String(line[..<text.startIndex]), indent: column, width: width)
    }
}

extension String {
    /// The text with each such character written another way.
    package func escaping(_ character: Character, with other: String) -> String {
        reduce(into: "") { $0 += $1 == character ? other : String($1) }
    }
}
