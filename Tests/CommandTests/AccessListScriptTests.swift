import CommandRunning
import Foundation
import Testing

/// What `deploy/kafka-acls` would do, by its own print.
@Suite struct AccessListScriptTests {
    private func printed(_ words: [String]) throws -> [String] {
        try Run.program(
            FileManager.default.currentDirectoryPath + "/deploy/kafka-acls",
            ["--print", "--bootstrap-server", "b:1", "--env", "prod"] + words, in: try Folder()
        ).mustWork().lines
    }

    private func quotas(_ words: [String]) throws -> [String] {
        try printed(words).filter { $0.contains("--entity-type users") }
    }

    @Test func frontEndsGetQuotas() throws {
        let found = try quotas(["--front-end", "User:web", "--front-end", "User:app"])
        #expect(found.count == 2)
        for (line, name) in zip(found, ["web", "app"]) {
            #expect(line.contains("--alter") && line.contains("--entity-name \(name) "), "\(line)")
            #expect(line.contains("producer_byte_rate=5242880"), "\(line)")
            #expect(line.contains("request_percentage=50"), "\(line)")
        }
        let chosen = try quotas(
            ["--front-end", "User:web", "--front-end-bytes", "99", "--front-end-percent", "7"])
        #expect(chosen.count == 1)
        #expect(chosen[0].contains("producer_byte_rate=99\\,request_percentage=7"), "\(chosen)")
        let removed = try quotas(["--front-end", "User:web", "--remove"])
        #expect(removed.count == 1 && removed[0].contains("--delete-config"), "\(removed)")
    }

    @Test func nobodyElseDoes() throws {
        #expect(try quotas(["--allocator", "User:a", "--payer", "User:p"]).isEmpty)
        #expect(try quotas(["--front-end", "User:web", "--front-end-bytes", "0"]).isEmpty)
    }
}
