import Testing

import Allocation
import Vocabulary

/// A story whose last record is refused for `first`, and for `later` once the cause of `first` is
/// taken away: lines that begin with `-` belong to that cause, those with `+` stand in for them.
struct RefusalStory: CustomTestStringConvertible, Sendable {
    /// Nothing is wrong any more.
    static let accepted = "accepted"

    let about: String
    let first: String
    let later: String
    let lines: [String]

    var testDescription: String { "\(about): \(first), \(later)" }

    init(_ about: String, _ first: String, _ later: String, _ lines: [String]) {
        self.about = about
        self.first = first
        self.later = later
        self.lines = lines.flatMap { $0.split(separator: "\n").map(String.init) }
    }

    func told(withFirst: Bool) -> [String] {
        lines.compactMap { line in
            switch line.prefix(2) {
            case "- ": withFirst ? String(line.dropFirst(2)) : nil
            case "+ ": withFirst ? nil : String(line.dropFirst(2))
            default: String(line.drop { $0 == " " })
            }
        }
    }

    func check() throws {
        try expect(first, of: told(withFirst: true))
        try expect(later, of: told(withFirst: false))
    }

    private func expect(_ reason: String, of lines: [String]) throws {
        var ledger = Ledger()
        for line in lines.dropLast() { _ = try ledger.tell(line) }
        let before = ledger.book.overviews
        let told = try ledger.tell(lines.last!)
        let comment = "\(lines) \(told)"
        if reason == Self.accepted {
            #expect(!told.hasPrefix("rejected") && !told.hasPrefix("repeated"), "\(comment)")
            return
        }
        #expect(!told.contains("\n"), "a refusal is one decision: \(comment)")
        #expect(ledger.book.overviews == before, "it moves nothing: \(comment)")
        if reason == "repeated" {
            #expect(told.hasPrefix("repeated "), "\(comment)")
        } else {
            // Behind the reason stand the counters, or the offering where it has none.
            let said = told.split(separator: ": ").last!.split(separator: " ")
                .prefix { !"|@".contains($0.first!) }.joined(separator: " ")
            #expect(told.hasPrefix("rejected ") && said == reason, "\(comment)")
        }
    }
}

/// Asserts that `stories` are about each reason alone and each pair of `reasons`, in their order,
/// but for those of `impossible`.
func expectEveryPair(
    of reasons: [String], in stories: [RefusalStory], but impossible: Set<[String]>
) {
    var pairs: Set<[String]> = []
    for (index, first) in reasons.enumerated() {
        pairs.insert([first, RefusalStory.accepted])
        for later in reasons[(index + 1)...] { pairs.insert([first, later]) }
    }
    func withoutMembers(_ reason: String) -> String { String(reason.prefix { $0 != " " }) }
    let told = stories.map { [withoutMembers($0.first), withoutMembers($0.later)] }
    #expect(Set(told).isDisjoint(with: impossible))
    #expect(Set(told).union(impossible) == pairs)
}
