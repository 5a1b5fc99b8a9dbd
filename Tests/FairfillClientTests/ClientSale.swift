import CommandRunning
import FairfillClient
import Foundation

/// As long as an id may nearly be.
let longID = String(repeating: "x", count: 50)

/// An environment with an offering `o`, which an allocator sells.
struct ClientSale {
    let folder: Folder
    var url: String { "sqlite:\(folder.path)/fairfill.db" }

    init(shares: Int = 10) throws {
        folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: shares)
    }

    func startAllocator() throws -> Running { try Run.start(["allocate"], in: folder) }

    /// Decides what is there by now.
    func decide() throws {
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
    }

    static func terms(_ change: (inout OfferingTerms) -> Void) -> OfferingTerms {
        var terms = OfferingTerms(shares: 10, price: 1, currency: CurrencyCode("CNY")!)
        change(&terms)
        return terms
    }

    static func bid(_ id: String, of offering: String = "o", shares: Int64 = 1) -> Bid {
        Bid(
            bid: Identifier(parsing: id)!, offering: Identifier(parsing: offering)!,
            account: Identifier(parsing: "anna")!, shares: Shares(rawValue: shares))
    }
}

extension Decision {
    var type: String { event.type.rawValue }
}
