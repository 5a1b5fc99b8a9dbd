import EventLog
import Foundation
import LogConformance
import SQLiteLog
import Testing

/// The promises that every log keeps, on a file, with a second handle as another process has one.
@Suite struct SQLiteLogTests {
    @Test(arguments: Check.all + Check.outliving)
    func keeps(_ check: Check) throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            let log = try SQLiteLog.open(path: path, create: true)
            try check.run(
                on: Workbench(log, prefix: "t") {
                    try SQLiteLog.open(path: path, create: false)
                } cut: {
                    try folder.cut(path, $0, before: $1)
                })
        }
    }

    @Test func everyMessageOfTheTopicsIsThereAfterReopening() throws {
        try Folder.with { folder in
            let path = folder.path("book.db")
            let id: String
            do {
                let log = try SQLiteLog.open(path: path, create: true)
                id = log.clusterID
                try folder.fill(log, records: 5_000)
            }
            let again = try SQLiteLog.open(path: path, create: true)
            #expect(again.clusterID == id, "opening makes nothing anew")
            #expect(try folder.count(again) == 5_000)
        }
    }

    @Test func eachFileHasAnIdOfItsOwn() throws {
        try Folder.with { folder in
            let ids = try (0..<20).map {
                try SQLiteLog.open(path: folder.path("\($0).db"), create: true).clusterID
            }
            #expect(Set(ids).count == 20)
        }
    }

    /// Analysts may ask the file itself.
    @Test func theViewShowsRecordsToAnySQLite() throws {
        try Folder.with { folder in
            let log = try SQLiteLog.open(path: folder.path("book.db"), create: true)
            try folder.fill(log, records: 10)
            let rows = try folder.query(
                folder.path("book.db"),
                "SELECT topic, partition, offset, value FROM record ORDER BY offset")
            #expect(rows.count == 10)
            #expect(rows[3] == ["t", "0", "3", "record 3"])
        }
    }
}
