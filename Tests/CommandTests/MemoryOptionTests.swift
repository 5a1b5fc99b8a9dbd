import CommandRunning
import Testing

/// `--memory`.
@Suite struct MemoryOptionTests {
    @Test func aPartitionThatOutgrowsItIsNamed() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 100_000)
        let bids = (0..<2_000).map {
            #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":1}"#
        }
        try folder.write(bids.joined(separator: "\n") + "\n", to: "bids.ndjson")
        try Run.fairfill(["bid", "--from", "bids.ndjson", "--quiet"], in: folder).mustWork()
        let small = try Run.fairfill(["allocate", "--until-end", "--memory", "20K"], in: folder)
        #expect(small.exitCode == 78, "\(small)")
        #expect(small.errors.contains("partition 0 STANDS STILL"), "\(small.errors)")
        // What was decided stands, and with more it goes on.
        #expect(try Run.fairfill(["allocate", "--until-end"], in: folder).exitCode == 0)
        #expect(try Run.fairfill(["verify"], in: folder).exitCode == 0)
        #expect(try folder.bidDecisions().count == 2_000)
    }

    @Test(arguments: ["0", "2GB", "-1", "G", "99999999999999999999", "9999999999T"])
    func aSizeIsANumberWithAUnit(_ size: String) throws {
        let run = try Run.fairfill(["allocate", "--memory", size], in: try Folder())
        #expect(run.exitCode == 64 || run.exitCode == 69, "\(run)")
        let asked = try Run.fairfill(["allocate", "--memory", size, "--help"], in: try Folder())
        #expect(asked.output.contains("--memory SIZE"))
    }
}
