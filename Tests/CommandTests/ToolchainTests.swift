import CommandRunning
import Foundation
import Testing

/// `deploy/demo` and `deploy/test` on a machine whose Swift lacks something: they name it.
@Suite struct ToolchainTests {
    /// What Swift 6 prints without it, word for word.
    private static let lackings: [(swift: String, swiftc: String, packages: [String])] = [
        (
            """
            swift: error while loading shared libraries: libncurses.so.6: cannot open shared \
            object file: No such file or directory
            """, "", ["libncurses-dev"]
        ),
        (
            """
            swift: error while loading shared libraries: libsqlite3.so.0: cannot open shared \
            object file: No such file or directory
            """, "", ["libsqlite3-0"]
        ),
        (
            """
            /opt/swift/usr/bin/swift-build: error while loading shared libraries: libcurl.so.4: \
            cannot open shared object file: No such file or directory
            """, "", ["libcurl4-openssl-dev"]
        ),
        (
            """
            /opt/swift/usr/bin/swift-build: error while loading shared libraries: libxml2.so.2: \
            cannot open shared object file: No such file or directory
            """, "", ["libxml2-dev"]
        ),
        (
            """
            /usr/bin/swift-build: error while loading shared libraries: libedit.so.2: cannot \
            open shared object file: No such file or directory
            """, "", ["libedit2"]
        ),
        (
            "",
            """
            error: jobFailedWithNonzeroExitCode(127, "/opt/swift/usr/bin/swift-frontend: error \
            while loading shared libraries: libuuid.so.1: cannot open shared object file: No such \
            file or directory\\n")
            """, ["libuuid1"]
        ),
        (
            "",
            """
            error: link command failed with exit code 1 (use -v to see invocation)
            clang: error: unable to execute command: posix_spawn failed: No such file or directory
            clang: error: linker command failed with exit code 1 (use -v to see invocation)
            """, ["binutils"]
        ),
        (
            "",
            """
            error: link command failed with exit code 1 (use -v to see invocation)
            clang: error: invalid linker name in argument '-fuse-ld=gold'
            """, ["binutils"]
        ),
        (
            "",
            """
            error: link command failed with exit code 1 (use -v to see invocation)
            /usr/bin/ld.gold: error: cannot open crtbeginS.o: No such file or directory
            /usr/bin/ld.gold: error: cannot open crtendS.o: No such file or directory
            /usr/bin/ld.gold: error: cannot find -lgcc
            /usr/bin/ld.gold: error: cannot find -lgcc_s
            clang: error: linker command failed with exit code 1 (use -v to see invocation)
            """, ["libgcc-12-dev"]
        ),
        (
            "",
            """
            error: link command failed with exit code 1 (use -v to see invocation)
            /usr/bin/ld.gold: error: cannot find -lstdc++
            clang: error: linker command failed with exit code 1 (use -v to see invocation)
            """, ["libstdc++-12-dev"]
        ),
        (
            "",
            """
            /opt/swift/usr/lib/swift/dispatch/dispatch.h:40:10: error: 'string.h' file not found
            38 | #include <stdbool.h>
            """, ["libc6-dev"]
        ),
        (
            "",
            """
            /usr/bin/ld.gold: error: cannot open Scrt1.o: No such file or directory
            /usr/bin/ld.gold: error: cannot open crtbeginS.o: No such file or directory
            /usr/bin/ld.gold: error: cannot find -lc
            """, ["libc6-dev", "libgcc-12-dev"]
        ),
    ]

    /// Programs called `swift`, `swiftc` and `apt-cache` that say what is given; none of `ldd`'s.
    private func run(swift: String, swiftc: String) throws -> Run {
        let folder = try Folder()
        let isVersionThere = !swift.hasPrefix("swift:")
        try folder.write(swift, to: "swift.said")
        try folder.write(swiftc, to: "swiftc.said")
        try program(
            "swift",
            """
            if [ "$1" = --version ] && \(isVersionThere); then
                echo 'Swift version 6.3.1 (swift-6.3.1-RELEASE)'
                exit 0
            fi
            cat '\(folder.path)/swift.said' >&2
            [ ! -s '\(folder.path)/swift.said' ]
            """, in: folder)
        try program("swiftc", "cat '\(folder.path)/swiftc.said' >&2; exit 1", in: folder)
        try program(
            "apt-cache",
            "[ \"$1\" = depends ] && printf 'gcc\\n  Depends: cpp\\n  Depends: gcc-12\\n'",
            in: folder)
        let lib = FileManager.default.currentDirectoryPath + "/deploy/lib.sh"
        return try Run.program(
            "/bin/bash", ["-c", "set -euo pipefail; source '\(lib)'; check_swift; echo on it goes"],
            in: folder,
            environment: ["PATH": "\(folder.path)/bin:/usr/bin:/bin", "TMPDIR": folder.path])
    }

    private func program(_ name: String, _ text: String, in folder: Folder) throws {
        let bin = "\(folder.path)/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        // A program that this process has open for writing can't be run; and what another test
        // starts meanwhile has it open as well.
        try folder.write("#!/bin/sh\n\(text)\n", to: "\(name).text")
        try Run.program(
            "/usr/bin/install", ["-m", "755", "\(name).text", "\(bin)/\(name)"], in: folder
        ).mustWork()
    }

    @Test(arguments: lackings.indices)
    func whatSwiftLacksIsNamedWithItsPackages(_ index: Int) throws {
        let lacking = Self.lackings[index]
        let run = try run(swift: lacking.swift, swiftc: lacking.swiftc)
        #expect(run.exitCode == 1 && !run.output.contains("on it goes"))
        let lines = run.errors.split(separator: "\n")
        try #require(lines.count == 2, "\(run.errors)")
        #expect(lines[0].contains("Swift is there, and what it needs is not: "), "\(lines[0])")
        let packages = lacking.packages.joined(separator: " ")
        let install = "apt-get install \(packages), then run this again"
        #expect(lines[1].hasSuffix(install), "\(lines[1]), not \(install)")
    }

    /// What nobody has seen before is shown as it is.
    @Test func whatItCannotExplainItShows() throws {
        let run = try run(swift: "", swiftc: "error: the moon is full\nand so on")
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("the moon is full\nand so on"), "\(run.errors)")
    }
}
