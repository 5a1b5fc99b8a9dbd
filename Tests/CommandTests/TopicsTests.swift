import CommandRunning
import Foundation
import SQLite
import Testing

/// Making topics: whole or to be finished later, however many try at once or are killed.
@Suite struct TopicsTests {
    /// Several at once on a new file with different wishes: one is met, and all that is there
    /// fits it; the others are told what there is.
    @Test func ofSeveralAtOnceOneIsMet() throws {
        for round in 0..<6 {
            let folder = try Folder()
            let run = try Run.shell(
                """
                for n in 1 2 3 4 1 2 3 4; do
                  ('\(Run.binary)' topics create --partitions $n >/dev/null; echo "$n $?") &
                done; wait
                """, in: folder)
            let met = Set(run.lines.filter { $0.hasSuffix(" 0") }.map { $0.prefix(1) })
            #expect(met.count == 1, "round \(round): \(run)")
            #expect(run.lines.count == 8, "\(run)")
            #expect(run.lines.allSatisfy { $0.hasSuffix(" 0") || $0.hasSuffix(" 78") }, "\(run)")
            try Run.fairfill(["topics", "check"], in: folder).mustWork()
            let list = try Run.fairfill(["topics", "list", "--json"], in: folder).mustWork()
            let records = try list.objects().first { ($0["topic"] as? String) == "dev.environment" }
            #expect(records?["end"] as? Int == 1, "\(list.output)")
        }
    }

    /// Killed anywhere, running it again finishes the work.
    @Test func killedAnywhereItIsFinishedByTheNext() throws {
        let run = try Run.shell(
            """
            for i in $(seq 30); do
              rm -f k.db*
              '\(Run.binary)' topics create --partitions 3 --log sqlite:k.db >/dev/null 2>&1 & id=$!
              sleep 0.0$(printf %02d $i); kill -9 $id 2>/dev/null; wait $id 2>/dev/null
              '\(Run.binary)' topics create --partitions 3 --log sqlite:k.db >out.txt 2>&1 \
                || { echo "round $i:"; cat out.txt; }
              '\(Run.binary)' topics check --log sqlite:k.db >out.txt 2>&1 || cat out.txt
              ls k.db-new* 2>/dev/null
            done
            """, in: try Folder())
        #expect(run.output.isEmpty, "\(run)")
    }

    @Test func anEnvironmentThatIsThereStaysAsItIs() throws {
        let folder = try Folder()
        try folder.createTopics()
        try Run.fairfill(["topics", "create", "--retention", "unlimited"], in: folder).mustWork()
        let retention = try Run.fairfill(["topics", "create", "--retention", "7d"], in: folder)
        #expect(retention.exitCode == 78)
        #expect(retention.errors.contains("dev.bids is there and kept forever, not 7d"))
        let made = try Run.fairfill(
            ["topics", "create", "--env", "short", "--retention", "7d"], in: folder
        ).mustWork()
        let words = made.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("clock grace 2s, archive after 7d"), "\(made.output)")
        try Run.fairfill(["topics", "check", "--env", "short"], in: folder).mustWork()
        let check = try Run.fairfill(["topics", "check", "--json"], in: folder).mustWork()
        #expect(check.output.contains(#""right":true"#))
    }

    /// A topic that was deleted is no topic that was never made: whoever reads it would begin again
    /// from nothing.
    @Test(arguments: ["decisions", "bids", "payment-commands", "payment-journal"])
    func aDeletedTopicIsNotMadeAsIfItHadNeverBeenThere(topic: String) throws {
        let folder = try Folder()
        try folder.createTopics()
        try Run.fairfill(
            ["bid", "--offering", "o", "--account", "a", "--shares", "1"], in: folder
        ).mustWork()
        try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
        try folder.delete(topic: "dev.\(topic)")
        let create = try Run.fairfill(["topics", "create"], in: folder)
        #expect(create.exitCode == 70, "\(create)")
        #expect(create.errors.contains("dev.\(topic) is missing, though dev."), "\(create)")
        let check = try Run.fairfill(["topics", "check"], in: folder)
        #expect(check.exitCode == 78, "\(check)")
        #expect(check.output.contains("dev.\(topic) is missing"), "\(check)")
        let mayBeMade = topic.hasPrefix("payment-")
        let anew = try Run.fairfill(["topics", "create", "--anew", topic], in: folder)
        #expect(anew.exitCode == (mayBeMade ? 0 : 64), "\(anew)")
    }

    /// What no worker goes on by is made again without a question.
    @Test func aTopicForPeopleIsMadeAgain() throws {
        let folder = try Folder()
        try folder.createTopics()
        try Run.fairfill(
            ["bid", "--offering", "o", "--account", "a", "--shares", "1"], in: folder
        ).mustWork()
        try folder.delete(topic: "dev.attention")
        try Run.fairfill(["topics", "create"], in: folder).mustWork()
    }
}

extension Folder {
    /// Takes a topic out of the log file with its records, as deleting it on a cluster does.
    func delete(topic: String) throws {
        let file = try Connection(path: "\(path)/fairfill.db", .readWrite)
        let ids = "SELECT id FROM partitions WHERE topic = '\(topic)'"
        try file.execute(
            """
            DELETE FROM records WHERE position >> 40 IN (\(ids));
            DELETE FROM partitions WHERE topic = '\(topic)';
            DELETE FROM topics WHERE name = '\(topic)';
            """)
    }
}
