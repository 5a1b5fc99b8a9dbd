import CommandRunning
import Foundation
import Testing

/// A log that several users of a machine can see: readers leave no trace, writers are named what
/// is in their way.
@Suite(.enabled(if: Run.canChangeUser, "no right to become another user here"))
struct OtherUserTests {
    /// Functions for scripts: `owner` and `other` run fairfill as one of two users.
    private static let users = """
        chmod 777 .; umask 022
        owner() { setpriv --reuid=1001 --clear-groups '\(Run.binary)' "$@"; }
        other() { setpriv --reuid=1002 --clear-groups '\(Run.binary)' "$@"; }

        """

    @Test func whoeverReadsLocksNobodyOut() throws {
        let run = try Run.shell(
            Self.users + """
                owner topics create --quiet
                owner offering open --offering o --shares 5 --price 1 --currency CNY --no-wait >out
                other verify >out; echo "verify $?"
                other offering list >out; echo "list $?"
                other bid --offering o --account a --shares 1 2>err; echo "bid $?"; cat err
                owner bid --offering o --account a --shares 1 >out; echo "owner bid $?"
                (exec setpriv --reuid=1001 --clear-groups '\(Run.binary)' allocate --quiet) &
                id=$!
                for i in $(seq 200); do
                  other offering show --offering o --json >shown.txt 2>/dev/null
                  grep -q '"reserved":1' shown.txt && break; sleep 0.05
                done
                other offering show --offering o --json; echo "show $?"
                other topics create --partitions 2 2>err; echo "create $?"
                kill $id; wait $id; echo "owner allocate $?"
                find . -user 1002
                """, in: try Folder())
        #expect(
            Run.unbroken(run.output).split(separator: "\n").map(String.init)
                .filter { !$0.hasPrefix("{") && !$0.hasPrefix("fairfill:") } == [
                "verify 3", "list 0", "bid 73", "owner bid 0", "show 0", "create 78",
                "owner allocate 0",
            ], "\(run)")
        #expect(run.output.contains(#""reserved":1"#), "\(run)")
        #expect(run.output.contains("fairfill.db can't be written by user 1002"), "\(run)")
        #expect(run.output.contains("belongs to user 1001"), "\(run)")
    }

    @Test func aFolderThatCanOnlyBeReadCanBeVerified() throws {
        let run = try Run.shell(
            Self.users + """
                owner topics create --quiet
                owner offering open --offering o --shares 5 --price 1 --currency CNY --no-wait >out
                owner allocate --until-end --quiet
                mkdir backup
                cp fairfill.db backup/'a b#1%.db'
                cp fairfill.db-wal backup/'a b#1%.db-wal'
                cp fairfill.db-shm backup/'a b#1%.db-shm'; chmod 555 backup
                other verify --log 'sqlite:backup/a b#1%.db' --json; echo "verify $?"
                other allocate --log 'sqlite:backup/a b#1%.db' 2>err; echo "allocate $?"; cat err
                other topics create --log sqlite:backup/new.db 2>err; echo "create $?"; cat err
                ls backup; chmod 755 backup
                """, in: try Folder())
        #expect(run.output.contains(#""lastSeq":1"#), "\(run)")
        for line in ["verify 0", "allocate 73", "create 73"] {
            #expect(run.lines.contains(line), "\(run)")
        }
        let names = ["a b#1%.db", "a b#1%.db-shm", "a b#1%.db-wal"]
        #expect(Array(run.lines.suffix(3)) == names, "\(run)")
    }

    /// The file alone, as a backup of a log at rest has it.
    @Test func soCanAFileAlone() throws {
        let run = try Run.shell(
            Self.users + """
                owner topics create --quiet
                mkdir backup; cp fairfill.db backup/'a b#1%.db'; chmod 555 backup
                other topics check --log 'sqlite:backup/a b#1%.db' >out; echo "check $?"
                ls backup; chmod 755 backup
                """, in: try Folder())
        #expect(run.output.hasSuffix("a b#1%.db\n") && run.errors.isEmpty, "\(run)")
    }

    /// What another user left beside the file is named.
    @Test func theFileInTheWayIsNamed() throws {
        let run = try Run.shell(
            Self.users + """
                owner topics create --quiet
                chown 1002 fairfill.db-wal
                owner bid --offering o --account a --shares 1; echo "bid $?"
                chown 1001 fairfill.db-wal; chown 1002 fairfill.db-lock
                owner bid --offering o --account a --shares 1; echo "bid $?"
                """, in: try Folder())
        #expect(run.lines == ["bid 73", "bid 73"], "\(run)")
        #expect(run.errors.contains("fairfill.db-wal can't be written by user 1001"), "\(run)")
        #expect(run.errors.contains("fairfill.db-lock"), "\(run)")
    }
}

extension Run {
    /// Whether commands can be run as users of no rights.
    static let canChangeUser: Bool = {
        guard geteuid() == 0, let folder = try? Folder() else { return false }
        let run = try? Run.shell(
            "chmod 755 . && setpriv --reuid=1001 --clear-groups '\(Run.binary)' --version",
            in: folder)
        return run?.exitCode == 0
    }()
}
