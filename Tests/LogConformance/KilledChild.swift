import Foundation

/// A process that is going to be killed. What it says comes through a pipe.
final class KilledChild {
    private let id: pid_t
    private let output: Int32
    private var said: [UInt8] = []
    private var isGone = false

    /// Two children that are started at once would each inherit the other's pipe.
    private static let lock = NSLock()

    /// Starts a program that was built with the tests, and lies beside them.
    init(_ name: String, _ words: [String]) throws {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = tests.deletingLastPathComponent().appending(path: name).path
        guard access(path, X_OK) == 0 else {
            throw Broken(description: "no \(path): swift build -c release --build-tests")
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
            throw Broken(description: "\(path) can't be started: \(String(cString: strerror(code)))")
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
    func listen(for word: String) throws {
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
    func kill() throws -> String {
        _ = Glibc.kill(id, SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        isGone = true
        while readSome(milliseconds: 1_000) {
            // The pipe ends with its only writer.
        }
        guard status & 0x7f == SIGKILL else {
            throw Broken(description: "the child ended by itself (\(status)), having said: \(text)")
        }
        return text
    }
}
