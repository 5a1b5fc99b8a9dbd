import CommandRunning
import Foundation
import SQLite
import Testing

/// Nothing leaves for the bank before the entry that announces it is committed, judged by what a
/// bank was asked for that executes whatever comes again.
@Suite struct WriteAheadTests {
    /// While a stranger holds the file nothing can be committed, so the bank must hear nothing:
    /// a payer that is killed then would know of nothing that it sent.
    @Test func whatIsNotCommittedDoesNotLeave() throws {
        let folder = try Folder()
        try PaymentSafetyTests.commanded(folder)
        let refusal = #"{"phase":"before","action":"status","status":429,"retryAfter":4,"times":2}"#
        let bank = try Bank(in: folder, faults: "[\(refusal)]", forgetsKeys: true)
        let payer = try Run.start(["pay"] + bank.options, in: folder)
        defer { payer.kill() }
        // Both payments were refused once, and wait for their next moment.
        try #require(try eventually(within: 60) { try Self.entries("outcome", in: folder) == 2 })
        let stranger = try Connection(path: "\(folder.path)/fairfill.db", .readWrite)
        try stranger.execute("BEGIN IMMEDIATE")
        try #require(try Self.entries("sending", in: folder) == 2, "the moment came first")
        // Their moment has come once the payer has tried to commit in vain.
        #expect(
            eventually(within: 60) { payer.errors.contains("another program holds") },
            "\(payer.errors)")
        #expect(try bank.requests(of: "POST") == 2, "sent before it was announced")
        payer.kill()
        try stranger.execute("ROLLBACK")
        #expect(try Self.entries("sending", in: folder) == 2)
        try Run.fairfill(["pay", "--quiet", "--until-end"] + bank.options, in: folder).mustWork()
        #expect(try bank.ledger().counts.values.sorted() == [1, 1])
        try bank.expectNothingSentBlindly()
    }

    /// How many entries of a type the journal has.
    private static func entries(_ type: String, in folder: Folder) throws -> Int64? {
        let file = try Connection(path: "\(folder.path)/fairfill.db", .readOnly)
        return try file.integer(
            """
            SELECT count(*) FROM record
            WHERE topic = 'dev.payment-journal' AND value LIKE '{"type":"\(type)"%'
            """)
    }
}
