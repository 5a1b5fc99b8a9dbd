import Testing

import Allocation
import Vocabulary

/// Where an offering may be when something comes in: the columns of Rules.md, Payment results, each
/// state of its own.
enum Column: String, CaseIterable, Sendable {
    case open, fullyReserved, scheduled, paused, closing
    case cancelling, filled, closedShort, cancelled, archived

    static let beforeClose: [Column] = [.open, .fullyReserved, .scheduled, .paused]
    static let selling: [Column] = [.open, .fullyReserved, .paused, .closing]
    static let afterClose: [Column] = [
        .closing, .cancelling, .filled, .closedShort, .cancelled, .archived,
    ]
    static let final: [Column] = [.filled, .closedShort, .cancelled]

    /// Whether the book is there.
    func holds(_ ledger: Ledger) -> Bool {
        guard let now = ledger.book.overview(of: Ledger.offering) else { return false }
        let isArchived = ledger.decisions.last?.event == .offering(.archived)
        switch self {
        case .open, .fullyReserved, .scheduled, .closing, .cancelling:
            return now.state.rawValue == rawValue && !now.isPaused
        case .paused: return now.isPaused
        case .filled, .closedShort, .cancelled:
            return now.state.rawValue == rawValue && !isArchived
        case .archived: return isArchived
        }
    }
}

/// Inputs about one thing, such as a part that is reserved, in every state of the offering.
struct StateTable: Sendable {
    /// How the thing and the state come about, and the counters then.
    struct Setup: Sendable {
        let lines: String
        let counters: String

        init(_ lines: [String], _ counters: String) {
            self.lines = lines.joined(separator: "\n")
            self.counters = counters
        }
    }

    /// One input, and what is decided, by columns. `=` stands for counters that did not move.
    struct Row: Sendable {
        let line: String
        let answers: [(columns: [Column], told: String)]

        init(_ line: String, _ answers: ([Column], String)...) {
            self.line = line
            self.answers = answers.map { ($0.0, $0.1) }
        }

        /// The first word: what comes in.
        var input: String { String(line.prefix { $0 != " " }) }
    }

    struct Cell: CustomTestStringConvertible, Sendable {
        let column: Column
        let story: Setup
        let line: String
        let told: String
        var testDescription: String { "\(column.rawValue): \(line)" }

        func check() throws {
            var ledger = Ledger()
            _ = try ledger.tell(story.lines)
            #expect(column.holds(ledger), "the story does not end \(column)")
            let counters = ledger.book.overview(of: Ledger.offering)!.counters
            #expect(
                "\(counters.free) \(counters.reserved) \(counters.settled)" == story.counters)
            let expected = told.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.hasSuffix("| =") ? $0.dropLast() + story.counters : $0 }
            let answer = try ledger.tell(line)
            #expect(answer == expected.joined(separator: "\n"))
        }
    }

    let subject: String
    let stories: [Column: Setup]
    /// Why the thing is not there in a state.
    let impossible: [Column: String]
    let rows: [Row]

    var cells: [Cell] {
        rows.flatMap { row in
            row.answers.flatMap { answer in
                answer.columns.map { column in
                    Cell(
                        column: column, story: stories[column]!, line: row.line,
                        told: answer.told)
                }
            }
        }
    }

    /// Every row has one answer for every state in which its thing can be.
    func expectWhole() {
        for column in Column.allCases {
            #expect(
                (stories[column] != nil) || !(impossible[column] ?? "").isEmpty,
                "\(subject), \(column): neither told nor impossible")
        }
        for row in rows {
            let columns = row.answers.flatMap(\.columns)
            let missing = Set(Column.allCases).subtracting(columns)
            #expect(columns.count == Set(columns).count, "\(row.line) is told twice")
            for column in missing {
                #expect(impossible[column] != nil, "\(subject), \(row.line), \(column)")
            }
        }
    }
}

extension StateTable {
    /// The thing is one bid, and not there before bids are taken.
    static let notBeforeTheOpening = "before the opening no bid is accepted"
    static let notAfterTheEnd = "an offering ends once nothing is reserved"
}
