import Foundation

/// A process that works on a log until it is ended. What it says comes through a pipe.
package final class ChildWriter {
    package let id: pid_t
    private let output: Int32
    private var said: [UInt8] = []
    private var isGone = false

    /// Two children that are started at once would each inherit the other's pipe.
    private static let lock = NSLock()

    /// Starts a program that was built with the tests, and lies beside them.
    package init(_ name: String, _ words: [String]) throws {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = tests.deletingLastPathComponent().appending(path: name).path
        guard access(path, X_OK) == 0 else {
            throw Broken(description: "no \(path): deploy/test builds it")
        }
        Self.lock.lock()
        defer { Self.lock.unlock() }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Broken(description: "no pipe could be made") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        output = ends[0]
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        var arguments: [UnsafeMutablePointer<CChar>?] = ([path] + words).map { strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = ProcessInfo.processInfo.environment
            .map { strdup("\($0)=\($1)") }
        defer { for text in arguments + variables { free(text) } }
        arguments.append(nil)
        variables.append(nil)
        var id: pid_t = 0
        let code = posix_spawn(&id, path, &actions, nil, arguments, variables)
        guard code == 0 else {
            close(output)
            let words = String(cString: strerror(code))
            throw Broken(description: "\(path) can't be started: \(words)")
        }
        self.id = id
    }

    deinit {
        if !isGone { _ = try? kill() }
        close(output)
    }

    /// Reads for this long.
    func listen(milliseconds: Int) {
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(milliseconds) * 1_000_000
        while true {
            let now = DispatchTime.now().uptimeNanoseconds
            guard now < end, readSome(milliseconds: Int32((end - now) / 1_000_000) + 1) else {
                return
            }
        }
    }

    /// Waits until it has said `word`.
    package func listen(for word: String) throws {
        for _ in 0..<300 where !text.contains(word) {
            guard readSome(milliseconds: 100) else {
                throw Broken(description: "the child ended by itself, having said: \(text)")
            }
        }
        guard text.contains(word) else {
            throw Broken(description: "the child did not say \(word), but: \(text)")
        }
    }

    /// False once there is nothing more to come.
    private func readSome(milliseconds: Int32) -> Bool {
        var state = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, milliseconds) > 0 else { return true }
        var room = [UInt8](repeating: 0, count: 65_536)
        let count = read(output, &room, room.count)
        guard count > 0 else { return false }
        said += room.prefix(count)
        return true
    }

    private var text: String { String(decoding: said, as: UTF8.self) }

    /// Kills it without warning; answers all that it said.
    @discardableResult
    package func kill() throws -> String {
        _ = Glibc.kill(id, SIGKILL)
        return try end(SIGKILL)
    }

    /// Waits until it ends by itself with this exit code; answers all that it said.
    func waitForEnd(exitCode: Int32) throws -> String { try end(exitCode << 8) }

    /// The pipe ends with its only writer. One that neither ends nor falls silent is killed.
    private func end(_ expected: Int32, within seconds: UInt64 = 30) throws -> String {
        let deadline = DispatchTime.now().uptimeNanoseconds + seconds * 1_000_000_000
        var isOver = false
        while !isOver, DispatchTime.now().uptimeNanoseconds < deadline {
            isOver = !readSome(milliseconds: 1_000)
        }
        if !isOver { _ = Glibc.kill(id, SIGKILL) }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        isGone = true
        guard status == expected else {
            throw Broken(
                description: (isOver ? "" : "the child did not end in \(seconds) s; ")
                    + "it ended with \(status) instead of \(expected), having said: "
                    + text.suffix(2_000))
        }
        return text
    }
}
