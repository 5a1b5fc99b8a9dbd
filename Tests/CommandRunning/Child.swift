import Foundation
import Glibc

/// A child process, by the system's own calls: waiting for one needs no run loop and no thread.
package final class Child: @unchecked Sendable {
    package let id: pid_t
    private let lock = NSLock()
    private var status: Int32?

    /// Starts `path` in `folder`; the three paths are where its standard streams go.
    package init(
        _ path: String, _ words: [String], folder: String, environment: [String: String],
        input: String, output: String, errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        let write = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 1, output, write, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors, write, 0o644)
        // `env` goes to the folder and becomes the program: the process stays the same.
        let line = ["/usr/bin/env", "-C", folder, path] + words
        var arguments: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") }
        defer { for text in arguments + variables { free(text) } }
        arguments.append(nil)
        variables.append(nil)
        // Threads that tests run on block signals, and a child would begin with the same: it could
        // neither be told to end nor be woken by an alarm.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // Whoever runs the tests in the background may have them ignore these, too.
        var usual = sigset_t()
        sigemptyset(&usual)
        for number in [SIGINT, SIGHUP, SIGTERM, SIGPIPE] { sigaddset(&usual, number) }
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var id: pid_t = 0
        let code = posix_spawn(&id, line[0], &actions, &attributes, arguments, variables)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        self.id = id
    }

    /// Its exit code, or 128 and the signal that ended it; nil while it runs.
    package func poll() -> Int32? { take(WNOHANG) }

    package func wait() -> Int32 { take(0)! }

    private func take(_ options: Int32) -> Int32? {
        lock.lock()
        defer { lock.unlock() }
        if let status { return status }
        var raw: Int32 = 0
        var answer: pid_t
        repeat { answer = waitpid(id, &raw, options) } while answer < 0 && errno == EINTR
        guard answer == id else { return nil }
        let signal = raw & 0x7f
        status = signal == 0 ? raw >> 8 & 0xff : 128 + signal
        return status
    }

    package func signal(_ number: Int32) { Glibc.kill(id, number) }
}
