import Foundation
import SandboxBank
import Testing

/// The bank over real sockets, byte for byte.
@Suite struct SandboxBankTests {
    @Test func aKeyMovesMoneyOnceAndGivesTheFirstAnswerAgain() throws {
        let scene = try Scene()
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        let again = try scene.pay("k1")
        #expect(again.hasPrefix("HTTP/1.1 200") && again.contains("Idempotent-Replayed: true"))
        let other = try scene.pay("k1", amount: 301)
        #expect(other.hasPrefix("HTTP/1.1 422") && other.contains("key-reused"))
        let ledger = try scene.ledger()
        #expect(ledger.contains(#""count":1"#) && ledger.contains(#""sum":0"#))
        #expect(ledger.contains(#"{"account":"anna","balance":-300,"currency":"CNY"}"#))
    }

    @Test func fiftyAtOnceUnderOneKeyMoveMoneyOnce() throws {
        let scene = try Scene()
        nonisolated(unsafe) let shared = scene
        let answers = Answers()
        DispatchQueue.concurrentPerform(iterations: 50) { _ in
            answers.add((try? shared.pay("k1")) ?? "no answer")
        }
        // One executes it; all the others are told what came of that, or that it is under way.
        let told = answers.all.count {
            $0.hasPrefix("HTTP/1.1 200")
                || $0.hasPrefix("HTTP/1.1 409") && $0.contains("request-in-progress")
        }
        #expect(answers.all.count { $0.hasPrefix("HTTP/1.1 201") } == 1)
        #expect(told == 49, "\(answers.all)")
        #expect(try scene.ledger().contains(#""count":1"#))
    }

    @Test func wrongRequestsAreNamedAndMoveNothing() throws {
        let scene = try Scene()
        #expect(try scene.pay("k1", amount: 0).contains("amount"))
        #expect(try scene.send("POST /v1/payments", [], "{}").contains("idempotency-key-missing"))
        #expect(try scene.send("DELETE /v1/payments").hasPrefix("HTTP/1.1 405"))
        #expect(try scene.send("GET /v1/nothing").hasPrefix("HTTP/1.1 404"))
        #expect(try scene.ledger().contains(#""movements":[]"#))
    }

    /// What a client sees, whether money moved, and what a lookup says.
    @Test(arguments: [
        (#""phase":"before","action":"decline""#, "HTTP/1.1 402", false),
        (#""action":"lie""#, "HTTP/1.1 402", true),
        (#""action":"drop""#, "", true),
        (#""phase":"before","action":"drop""#, "", false),
        (#""action":"reset""#, "", true),
        (#""action":"html""#, "HTTP/1.1 200", true),
        (#""action":"status","status":503,"retryAfter":2"#, "HTTP/1.1 503", true),
        (#""action":"wrongAmount""#, "HTTP/1.1 201", true),
        (#""action":"half""#, "HTTP/1.1 201", true),
    ] as [(String, String, Bool)])
    func failsAsItIsTold(fault: String, begins: String, moves: Bool) throws {
        let scene = try Scene("[{\(fault)}]")
        let answer = try scene.pay("k1")
        #expect(begins.isEmpty ? answer.isEmpty : answer.hasPrefix(begins), "\(answer)")
        if fault.contains("wrongAmount") { #expect(answer.contains(#""amount":301"#)) }
        if fault.contains("half") { #expect(!answer.hasSuffix("}")) }
        #expect(try scene.ledger().contains(#""movements":[]"#) != moves)
        #expect(try scene.lookUp("k1").contains(#""status":"succeeded""#) == moves)
    }

    /// FIN is an end, RST is none: clients see them as different errors.
    @Test(arguments: ["before", "after"])
    func aResetIsOne(_ phase: String) throws {
        let scene = try Scene(#"[{"phase":"\#(phase)","action":"reset"}]"#)
        let seen = try scene.exchange(
            "POST /v1/payments", ["Idempotency-Key: k1", "Content-Length: \(Self.body.utf8.count)"],
            Self.body)
        #expect(seen.error == ECONNRESET && seen.answer.isEmpty)
        #expect(try scene.ledger().contains(#""movements":[]"#) == (phase == "before"))
        let dropping = try Scene(#"[{"action":"drop"}]"#)
        let dropped = try dropping.exchange(
            "POST /v1/payments", ["Idempotency-Key: k1", "Content-Length: \(Self.body.utf8.count)"],
            Self.body)
        #expect(dropped.error == 0 && dropped.answer.isEmpty)
    }

    private static let body = #"{"direction":"collect","amount":300,"currency":"CNY","#
        + #""account_token":"anna","reference":"r-k1"}"#

    /// A payer whose window may close sends bodies without a length.
    @Test func aChunkedBodyIsTaken() throws {
        let scene = try Scene()
        let half = Self.body.count / 2
        let chunks = [Self.body.prefix(half), Self.body.dropFirst(half)].map {
            "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n"
        }
        let seen = try scene.exchange(
            "POST /v1/payments", ["Idempotency-Key: k1", "Transfer-Encoding: chunked"],
            chunks.joined() + "0\r\n\r\n")
        #expect(seen.answer.hasPrefix("HTTP/1.1 201"), "\(seen)")
        #expect(try scene.ledger().contains(#""balance":-300"#))
    }

    @Test func withoutATokenNothingIsDone() throws {
        let scene = try Scene()
        for line in ["POST /v1/payments", "GET /v1/payments?idempotency_key=k1"] {
            let seen = try scene.exchange(
                line, ["Idempotency-Key: k1", "Content-Length: \(Self.body.utf8.count)"],
                Self.body, token: nil)
            #expect(seen.answer.hasPrefix("HTTP/1.1 401"), "\(seen)")
        }
        #expect(try scene.ledger().contains(#""movements":[]"#))
    }

    /// While a key is under way a second request under it is told so, and moves nothing.
    @Test func aKeyUnderWayIsAConflict() throws {
        let scene = try Scene(#"[{"phase":"before","action":"delay","ms":2000,"times":1}]"#)
        nonisolated(unsafe) let shared = scene
        nonisolated(unsafe) var first = ""
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            first = (try? shared.pay("k1")) ?? ""
            done.signal()
        }
        for _ in 0..<500 where try !scene.send("GET /_sandbox/requests").contains("k1") {
            usleep(10_000)
        }
        let second = try scene.pay("k1")
        #expect(second.hasPrefix("HTTP/1.1 409") && second.contains("Retry-After: 1"), "\(second)")
        done.wait()
        #expect(first.hasPrefix("HTTP/1.1 201"), "\(first)")
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 200"))
    }

    /// Hangs until the bank stops: nothing is answered, and stopping waits for nobody.
    @Test func aRequestThatHangsEndsWithTheBank() throws {
        let scene = try Scene(#"[{"action":"hang"}]"#)
        nonisolated(unsafe) let shared = scene
        nonisolated(unsafe) var answer = "none"
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            answer = (try? shared.pay("k1")) ?? "failed"
            done.signal()
        }
        for _ in 0..<3_000 where try !scene.ledger().contains(#""count":1"#) { usleep(10_000) }
        #expect(try scene.ledger().contains(#""count":1"#))
        #expect(done.wait(timeout: .now() + 0.5) == .timedOut)
        scene.bank.stop()
        #expect(done.wait(timeout: .now() + 10) == .success)
        #expect(answer.isEmpty, "\(answer)")
    }

    @Test func itsBooksOutliveIt() throws {
        let scene = try Scene()
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        let second = try scene.reopened()
        #expect(try second.pay("k1").contains("Idempotent-Replayed: true"))
        #expect(try second.ledger().contains(#""count":1"#))
    }

    @Test(arguments: [
        (#""action":"wrongCurrency""#, #""currency":"XTS""#),
        (#""action":"wrongKey""#, #""idempotency_key":"another""#),
    ])
    func echoesWhatWasNotAskedFor(fault: String, echo: String) throws {
        let scene = try Scene("[{\(fault)}]")
        #expect(try scene.pay("k1").contains(echo))
        #expect(try scene.lookUp("k1").contains(#""currency":"CNY","direction":"collect""#))
    }

    /// What was never paid is not found, completely; what was paid is hidden for a while, and
    /// then the bank says that its view is not complete.
    @Test func lookupsHideWhatWasPaidOnly() throws {
        let scene = try Scene(
            #"[{"match":{"direction":"collect"},"action":"lookupNotFound","ms":60000}]"#)
        #expect(try scene.lookUp("k1").contains(#""complete":true,"data":[]"#))
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        #expect(try scene.lookUp("k1").contains(#""complete":false,"data":[]"#))
        let other = try Scene(
            #"[{"match":{"direction":"payout"},"action":"lookupNotFound","ms":60000}]"#)
        #expect(try other.pay("k1").hasPrefix("HTTP/1.1 201"))
        #expect(try other.lookUp("k1").contains(#""complete":true"#))
        let failing = try Scene(#"[{"action":"lookupFails","times":1}]"#)
        #expect(try failing.lookUp("k1").hasPrefix("HTTP/1.1 500"))
        #expect(try failing.lookUp("k1").hasPrefix("HTTP/1.1 200"))
    }

    /// Each fault draws for itself: a rare one is not hidden behind a frequent one.
    @Test func faultsStrikeIndependently() throws {
        let scene = try Scene(
            #"[{"match":{"p":0.5},"phase":"before","action":"decline"},"#
                + #"{"match":{"p":0.5},"action":"status","status":503}]"#)
        var seen: [Substring: Int] = [:]
        for number in 0..<200 { seen[try scene.pay("k\(number)").prefix(12), default: 0] += 1 }
        // Half of what was declined is answered 503, too.
        #expect((25...75).contains(seen["HTTP/1.1 402", default: 0]), "\(seen)")
        #expect((70...130).contains(seen["HTTP/1.1 503", default: 0]), "\(seen)")
    }

    @Test(arguments: [
        (#"[{"action":"explode"}]"#, "action is none of"),
        (#"[{"action":"drop","when":"now"}]"#, "no member 'when'"),
        (#"[{"action":"drop","match":{"key":5}}]"#, "match: key is not a text"),
        (#"[{"action":"drop","match":{"keys":"k"}}]"#, "match: there is no member 'keys'"),
        (#"[{"action":"drop","match":{"p":1.5}}]"#, "p is not from 0 to 1"),
        (#"[{"action":"drop","match":{"p":true}}]"#, "p is not a number"),
        (#"[{"action":"drop","match":7}]"#, "match is not an object"),
        (#"[{"action":"drop","times":"1"}]"#, "times is not a whole number"),
        (#"[{"action":"drop","times":0}]"#, "times is below 1"),
        (#"[{"action":"status","status":999}]"#, "status is above 599"),
        (#"[{"action":"lie","phase":"before"}]"#, "lie can only happen after"),
        (#"[{"action":"decline","phase":"after"}]"#, "decline can only happen before"),
        (#"[{"action":"drop","phase":"later"}]"#, "neither before nor after"),
        (#"{"action":"drop"}"#, "no JSON list"),
    ])
    func aFaultThatMakesNoSenseIsNamed(faults: String, word: String) {
        let failure = #expect(throws: BankFailure.self) { try Scene(faults) }
        #expect(failure.map { "\($0)".contains(word) } == true, "\(failure as Any)")
    }

    @Test func thereIsAnEndToFaults() throws {
        let many = "[" + Array(repeating: #"{"action":"drop"}"#, count: 1_001)
            .joined(separator: ",") + "]"
        let failure = #expect(throws: BankFailure.self) { try Scene(many) }
        #expect(failure?.description.contains("at most 1000") == true)
    }

    @Test(arguments: ["true", "\"300\"", "3.5", "-3", "0", "null", "1e30"])
    func anAmountThatIsNoneMovesNothing(_ amount: String) throws {
        let scene = try Scene()
        let body = Self.body.replacingOccurrences(of: "300", with: amount)
        let answer = try scene.send("POST /v1/payments", ["Idempotency-Key: k1"], body)
        #expect(answer.hasPrefix("HTTP/1.1 400") && answer.contains("amount"), "\(answer)")
        #expect(try scene.ledger().contains(#""movements":[]"#))
    }

    @Test func theBooksCanBeReadBesides() throws {
        let scene = try Scene()
        _ = try scene.pay("k1")
        _ = try scene.pay("k2", amount: 200, account: "ben")
        let books = try BankBooks(ledger: scene.ledgerPath)
        #expect(books.movements == 2 && books.mostOfAReference == 1 && books.sum == 0)
        #expect(books.collected == ["anna": 300, "ben": 200])
        #expect(throws: BankFailure.self) { try BankBooks(ledger: scene.ledgerPath + "x") }
    }
}

/// What many threads were answered.
private final class Answers: @unchecked Sendable {
    private let lock = NSLock()
    private var kept: [String] = []

    func add(_ answer: String) { lock.withLock { kept.append(answer) } }
    var all: [String] { lock.withLock { kept } }
}
