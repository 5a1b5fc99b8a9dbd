import CommandRunning
import Foundation
import Testing

/// A bank that takes requests and says nothing: a payer that waits for 500 answers at once takes
/// next to nothing of the machine.
@Suite struct HangingBankTests {
    @Test func waitingForAnswersTakesLittle() throws {
        let requests = 500
        let folder = try Folder()
        try MoneyTests.open(folder, shares: 5 * requests)
        try MoneyTests.append(0..<requests, to: folder)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let bank = try Bank(in: folder, faults: #"[{"action":"hang"}]"#)
        try folder.write(
            #"{"idempotent":true,"lookupByKey":true,"httpDeadline":"600s","sendingWindow":"60s"}"#,
            to: "profile.json")
        let payer = try Run.start(
            ["pay", "--in-flight", "\(requests)"] + bank.options, in: folder)
        defer { payer.kill() }
        try #require(
            eventually(within: 120) { try bank.requests(of: "POST") == requests },
            "\(payer.errors)")
        #expect(try payer.residentBytes() < 100 << 20)
        // A connection each, and few besides.
        #expect(try payer.openDescriptors() < requests + 100)
        // In percent of a core. Other work on the machine makes the same work take longer, so one
        // quiet moment is enough.
        let most = 2.0 * (Run.binary.contains("/release/") ? 1 : 2)
        var shares: [Double] = []
        let isQuiet = try eventually(within: 60) {
            let before = try payer.processorSeconds()
            let start = DispatchTime.now().uptimeNanoseconds
            sleep(3)
            let spent = try payer.processorSeconds() - before
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            shares.append(spent / seconds * 100)
            return shares.last! < most
        }
        #expect(isQuiet, "\(shares)")
        #expect(payer.isRunning, "\(payer.errors)")
    }
}
