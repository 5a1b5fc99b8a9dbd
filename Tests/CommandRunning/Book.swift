import Foundation

/// What the commands say of the book.
extension Folder {
    /// Shares settled by account, as the book has them.
    package func settled(_ offering: String) throws -> [String: Int] {
        let holdings = try Run.fairfill(
            ["export", "holdings", "--offering", offering, "--json"], in: self
        ).mustWork().objects()
        return holdings.reduce(into: [:]) { found, line in
            let settled = line["settled"] as? Int ?? 0
            if settled > 0 { found[line["account"] as? String ?? "", default: 0] += settled }
        }
    }

    /// The first decision about each record of `bids`, as the book has them, by partition.
    package func bidDecisions() throws -> [[String: Any]] {
        try Run.fairfill(["export", "decisions"], in: self).mustWork().objects()
            .filter { $0["topic"] as? String == "bids" && $0["n"] as? Int == 0 }
    }

    /// The state of an offering, as `offering show` says it.
    package func state(_ offering: String) throws -> [String: Any] {
        try Run.fairfill(["offering", "show", "--offering", offering, "--json"], in: self)
            .objects().first ?? [:]
    }
}
