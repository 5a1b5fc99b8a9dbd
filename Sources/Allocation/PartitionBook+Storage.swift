import Vocabulary

// How much memory a book takes: what whoever may write the inputs makes grow.
extension PartitionBook {
    /// The bytes of its offerings' tables. Counted by their chunks, in steps that grow with the
    /// number of offerings and not of bids; what Swift itself needs around them is a little more.
    public var storageBytes: Int {
        offerings.reduce(offerings.capacity * MemoryLayout<OfferingBook>.stride) {
            $0 + $1.storageBytes
        }
    }

    /// The offering whose tables take the most, and how much; nil where there is none.
    public var largestOffering: (offering: Identifier, bytes: Int)? {
        offerings.map { (offering: $0.identifier, bytes: $0.storageBytes) }
            .max { $0.bytes < $1.bytes }
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
