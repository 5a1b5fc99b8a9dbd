import Kafka
import KafkaLog
import Testing

/// What each error of a commit means, by what it is and how it arrived.
@Suite struct TransactionVerdictTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var code: KafkaError.Code
        var flags = ""
        var end: KafkaError.Code?
        var verdict: TransactionVerdict

        var testDescription: String { "\(code.name) \(flags) \(end?.name ?? "")" }
    }

    static let lines = [
        // Another epoch than ours, whatever else is said.
        Line(code: .fenced, flags: "fatal", verdict: .fenced),
        Line(code: .producerFenced, flags: "fatal", verdict: .fenced),
        Line(code: .invalidProducerEpoch, flags: "fatal", verdict: .fenced),
        Line(code: .fenced, flags: "fatal abort retriable", verdict: .fenced),
        Line(code: .wrongState, end: .fenced, verdict: .fenced),
        Line(code: .wrongState, flags: "abort", end: .fenced, verdict: .fenced),
        Line(code: .fenced, verdict: .fenced),
        // The cluster forgot the id, or dropped the records: nobody took over.
        Line(code: .invalidProducerIDMapping, flags: "abort", verdict: .mustAbort),
        Line(code: .invalidProducerIDMapping, flags: "fatal", verdict: .failed),
        Line(code: .unknownProducerID, flags: "abort", verdict: .mustAbort),
        // An id whose epoch is another's is no longer ours, but this transaction only aborts.
        Line(code: .invalidProducerEpoch, flags: "abort", verdict: .mustAbort),
        // Abort counts before retry.
        Line(code: .callTimedOut, flags: "abort retriable", verdict: .mustAbort),
        Line(code: .callTimedOut, flags: "retriable", verdict: .undecided),
        Line(code: .coordinatorLoading, flags: "retriable", verdict: .undecided),
        Line(code: .invalidTransactionState, flags: "fatal", verdict: .failed),
        Line(code: .outOfOrderSequence, end: .outOfOrderSequence, verdict: .failed),
        Line(code: .callTimedOut, flags: "retriable", end: .outOfOrderSequence, verdict: .failed),
        Line(code: .transactionalIDAuthorization, flags: "fatal", verdict: .failed),
    ]

    @Test(arguments: lines) func isJudged(_ line: Line) {
        var error = KafkaError(line.code)
        error.isFatal = line.flags.contains("fatal")
        error.requiresAbort = line.flags.contains("abort")
        error.isRetriable = line.flags.contains("retriable")
        let end = line.end.map { KafkaError($0) }
        #expect(TransactionVerdict(error, end: end) == line.verdict)
    }

    @Test func codesHaveTheLibrarysNames() {
        #expect(KafkaError.Code.callTimedOut.name == "_TIMED_OUT")
        #expect(KafkaError.Code.invalidProducerIDMapping.name == "INVALID_PRODUCER_ID_MAPPING")
        #expect("\(KafkaError(.fenced, "gone"))" == "gone (_FENCED)")
    }
}
