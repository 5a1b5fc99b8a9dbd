import Allocation
import Analysis
import CommandLine
import EventLog
import FairfillClient
import Foundation
import Vocabulary

/// What closing an offering now would come to: below its minimum all that was paid is given back,
/// and nobody should find that out afterwards.
struct CloseOutlook {
    let offering: Identifier
    let minimum: Shares
    let counters: Counters
    /// What waits and would be served.
    let fitting: Shares
    /// What the backstop would take.
    let backstop: Shares

    /// nil where closing decides nothing: the offering was not opened, or was closed before.
    init?(_ offering: Identifier, in book: borrowing PartitionBook) {
        guard let overview = book.overview(of: offering), overview.state.isBeforeClose,
            let terms = book.terms(of: offering)
        else { return nil }
        self.offering = offering
        minimum = terms.minimumShares ?? terms.shares
        counters = overview.counters
        let isSplit = (terms.remainder ?? .split) == .split
        var room = overview.counters.free
        for part in book.waitlist(of: offering) ?? [] {
            let allOrNone = book.fate(of: part.bid, in: offering)?.allOrNone ?? false
            if part.shares <= room {
                room -= part.shares
            } else if isSplit, !allOrNone {
                room = 0
            }
        }
        fitting = overview.counters.free - room
        backstop = min(room, terms.backstop?.maxShares ?? 0)
    }

    /// What can be settled at most, if all that is reserved is paid.
    var most: Shares { counters.settled + counters.reserved + fitting + backstop }
    var endsInRefunds: Bool { most < minimum }
    /// It stands only if payments come that are awaited.
    var waitsForPayments: Bool { !endsInRefunds && counters.settled + backstop < minimum }

    /// What there is of the minimum, for people.
    var sentence: String {
        "offering \(offering) needs \(minimum) paid shares to stand (minimumShares): "
            + "\(counters.settled) are paid, \(counters.reserved) reserved and not paid yet, "
            + "\(fitting) wait and fit, \(backstop) would go to the backstop"
    }
}

extension CloseOutlook {
    /// Asks, says or refuses, before anything is written.
    static func check(
        _ arguments: Arguments, _ connection: LogConnection, _ offering: Identifier
    ) throws(Failure) {
        if arguments.has("yes") { return }
        let book = try PartitionReplay.book(connection, connection.home(of: offering), arguments)
        guard let outlook = CloseOutlook(offering, in: book) else { return }
        if outlook.endsInRefunds {
            guard isatty(STDIN_FILENO) == 1 else {
                throw Failure(
                    .usage,
                    "\(outlook.sentence). Closed now it ends in refunds: all that was paid is "
                        + "given back. Nothing was written; --yes closes it all the same")
            }
            StandardError.write(
                "fairfill: \(outlook.sentence). Closed now it ends in refunds: all that was paid "
                    + "is given back.\nClose it all the same? [y/N] ")
            let answer = StandardStream.readLine()?.lowercased() ?? ""
            guard answer == "y" || answer == "yes" else {
                throw Failure(.no, "not closed, and nothing was written")
            }
        } else if outlook.waitsForPayments, !arguments.isQuiet {
            Remark.say("\(outlook.sentence). It ends once the payments have come, or failed")
        }
    }
}
