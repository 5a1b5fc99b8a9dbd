import CommandLine
import Foundation

/// Another run of this same program, in its own process group, so that a Ctrl-C at the
/// terminal reaches the demo alone and the demo ends what it has started.
final class ChildProcess {
    /// How a process ended.
    enum Ending: Hashable {
        case exit(Int32)
        case signal(Int32)
    }

    let pid: pid_t
    /// What it says, standard output and standard error alike.
    let outputPath: String
    private var ending: Ending?

    /// Starts `fairfill` with these arguments. Throws where the system can't.
    init(_ arguments: [String], outputPath: String) throws(DemoFailure) {
        self.outputPath = outputPath
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        // The child starts with no signal blocked or ignored, even where this process does so.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        var words: [UnsafeMutablePointer<CChar>?] = (["fairfill"] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var started: pid_t = 0
        // Not by name: this very file, even where it was replaced on disk meanwhile.
        let code = posix_spawn(&started, "/proc/self/exe", &actions, &attributes, words, environ)
        guard code == 0 else {
            throw DemoFailure("can't start another fairfill: \(String(cString: strerror(code)))")
        }
        pid = started
    }

    deinit {
        guard poll() == nil else { return }
        send(SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
    }

    func send(_ signal: Int32) {
        if ending == nil { kill(pid, signal) }
    }

    /// How it ended, or nil while it runs.
    func poll() -> Ending? {
        if ending == nil {
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            ending = status & 0x7f == 0 ? .exit((status >> 8) & 0xff) : .signal(status & 0x7f)
        }
        return ending
    }

    /// How it ended, or nil where it still runs after this time, or the demo is to end.
    func wait(timeoutMilliseconds: Int) -> Ending? {
        let end = StoryClock.nanoseconds() + Int64(timeoutMilliseconds) * 1_000_000
        while poll() == nil, Interruption.signal == 0, StoryClock.nanoseconds() < end {
            usleep(1_000)
        }
        return poll()
    }

    /// What it has said so far, without the last line's end.
    var output: String {
        guard let data = FileManager.default.contents(atPath: outputPath) else { return "" }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
