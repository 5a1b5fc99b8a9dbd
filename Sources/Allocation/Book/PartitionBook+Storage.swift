import Vocabulary

// How much memory a book takes: the part that writers of the inputs can make grow.
extension PartitionBook {
    /// The bytes of its offerings' tables. Counted by their chunks, in steps that grow with the
    /// number of offerings and not of bids; what Swift itself needs around them is a little more.
    package var storageBytes: Int {
        offerings.reduce(offerings.capacity * MemoryLayout<OfferingBook>.stride) {
            $0 + $1.storageBytes
        }
    }

    /// The offering whose tables take the most, and what; nil where there is none.
    package var largestOffering: OfferingStorage? {
        var largest: (index: Int, bytes: Int)?
        for index in offerings.indices {
            let bytes = offerings[index].storageBytes
            if bytes > largest?.bytes ?? -1 { largest = (index, bytes) }
        }
        return largest.map { OfferingStorage(offerings[$0.index]) }
    }
}

/// What an offering's book takes, in bytes, and how much of it bids can make grow.
package struct OfferingStorage: Hashable, Sendable {
    package var offering: Identifier
    package var bytes: Int
    /// Bids whose ids are kept, those among them that were refused.
    package var bids: Int
    package var bidBytes: Int
    package var accounts: Int
    package var accountBytes: Int
    package var waiting: Int
    package var waitingBytes: Int
    /// Bids that count against their account's rate.
    package var recent: Int
    package var recentBytes: Int

    init(_ book: OfferingBook) {
        offering = book.identifier
        bytes = book.storageBytes
        bids = book.bids.identifierCount
        bidBytes = book.bids.storageBytes
        accounts = book.accounts.count
        accountBytes = book.accounts.storageBytes + book.payouts.storageBytes
        waiting = book.waitlist.count
        waitingBytes = book.waitlist.storageBytes
        recent = book.rates.passedCount
        recentBytes = book.rates.storageBytes
    }
}

extension OfferingBook {
    /// The bytes that its tables hold on to.
    var storageBytes: Int {
        bids.storageBytes + accounts.storageBytes + waitlist.storageBytes + rates.storageBytes
            + payouts.storageBytes + commands.storageBytes + takenBack.count * 8
            + distributions.count * MemoryLayout<DistributionDone>.stride
            + (archived?.holders.count ?? 0) * MemoryLayout<Holder>.stride
    }
}
