import CommandRunning
import Foundation
import Testing

/// Standard error serves people; where it can't be written nothing else changes.
@Suite struct StandardErrorTests {
    @Test(arguments: ["2>/dev/full", "2>&-"])
    func aRemarkThatCannotBeWrittenChangesNoExitCode(_ redirection: String) throws {
        let folder = try Folder()
        try folder.createTopics()
        let run = try Run.shell(
            """
            f='\(Run.binary)'
            "$f" verify --log sqlite:missing.db \(redirection); echo $?
            "$f" bid --shaers 3 \(redirection); echo $?
            "$f" bid --from missing.ndjson \(redirection); echo $?
            """, in: folder)
        #expect(run.lines == ["69", "64", "74"], "\(run)")
    }

    /// The worker says where it is, and goes on when nobody can read that.
    @Test(arguments: ["2>/dev/full", "2>&-", "2> >(true)"])
    func theWorkerGoesOn(_ redirection: String) throws {
        let folder = try Folder()
        try folder.createTopics()
        let run = try Run.shell(
            """
            f='\(Run.binary)'
            "$f" allocate --verbose \(redirection) & id=$!
            "$f" offering open --offering o --shares 5 --price 1 --currency CNY >/dev/null
            "$f" bid --offering o --account a --shares 5 --wait --timeout 20 >/dev/null; echo $?
            kill $id; wait $id; echo $?
            "$f" verify --quiet >/dev/null; echo $?
            """, in: folder)
        #expect(run.lines == ["0", "0", "0"], "\(run)")
    }

    /// A closed stream's number is not given to a file: remarks would be written into the log.
    @Test func noFileTakesThePlaceOfAClosedStream() throws {
        let folder = try Folder()
        try folder.createTopics()
        let run = try Run.shell(
            """
            '\(Run.binary)' allocate --verbose <&- >&- 2>&- & id=$!
            for i in $(seq 400); do
              ls -l /proc/$id/fd | grep -q 'fairfill.db$' && break; sleep 0.05
            done
            for i in 0 1 2; do readlink /proc/$id/fd/$i; done
            kill $id; wait $id; echo $?
            """, in: folder)
        #expect(run.lines == ["/dev/null", "/dev/null", "/dev/null", "0"], "\(run)")
    }

    @Test func outputThatIsClosedIsAFailureOfItsOwn() throws {
        let folder = try Folder()
        try folder.createTopics()
        let run = try Run.shell("'\(Run.binary)' reasons >&-", in: folder)
        #expect(run.exitCode == 74)
        #expect(run.errors.contains("standard output can't be written"), "\(run)")
    }
}
