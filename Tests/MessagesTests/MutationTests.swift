import Testing

import Messages
import Vocabulary

/// What becomes of good records that were cut, or changed in one byte. The memory behind a record
/// can't be read, so none of these may look past its end either.
@Suite struct MutationTests {
    @Test func everyTruncationIsRefused() {
        var reader = Reader()
        for (topic, _, text) in goldenInputs {
            let bytes = Array(text.utf8)
            for count in 0..<bytes.count {
                let fault = reader.input(bytes[..<count], from: topic).fault
                #expect(fault == expected(bytes[..<count]), "\(text) cut to \(count)")
            }
        }
        for (decision, _) in goldenDecisions {
            let bytes = Array(sealed(decision).utf8)
            for count in 0..<bytes.count {
                let fault = reader.decision(bytes[..<count]).fault
                #expect(fault == expected(bytes[..<count]), "\(decision) cut to \(count)")
            }
        }
    }

    /// A record that ends too early is seen to at its end, or where its last character begins.
    private func expected(_ bytes: ArraySlice<UInt8>) -> Malformation {
        if String(validating: bytes, as: UTF8.self) == nil {
            let start = bytes.lastIndex { $0 >= 0xc0 } ?? 0
            return Malformation(.notUTF8, at: start)
        }
        return Malformation(.notJSON, at: bytes.count)
    }

    /// Each byte of each golden record gets each value. Most of those are refused; whatever is
    /// read can be written, and reads as the same again.
    @Test func anyOneByteMayBeWrong() {
        var reader = Reader()
        for (topic, record, text) in goldenInputs {
            forEachMutation(of: text) { bytes, isUTF8 in
                switch reader.input(bytes, from: topic) {
                case .fault: break
                case .record(let changed):
                    if !isUTF8 { Issue.record("read though no UTF-8: \(bytes)") }
                    guard changed != record, isWritable(changed) else { break }
                    let again = reader.input(line(changed), from: topic)
                    if again != .record(changed) { Issue.record("\(changed) is \(again)") }
                }
            }
        }
    }

    @Test func anyOneByteOfADecisionMayBeWrong() {
        var reader = Reader()
        for (decision, _) in goldenDecisions {
            forEachMutation(of: sealed(decision)) { bytes, isUTF8 in
                guard case .record(let changed) = reader.decision(bytes) else { return }
                if !isUTF8 { Issue.record("read though no UTF-8: \(bytes)") }
                guard case .decision(let other) = changed.content, other != decision else {
                    return
                }
                let text = sealed(other, epoch: changed.epoch, hash: "\(changed.hash)")
                guard case .record(let again) = reader.decision(text) else {
                    Issue.record("\(other) can't be read again")
                    return
                }
                if again.content != changed.content { Issue.record("\(other) is \(again)") }
            }
        }
    }

    private func forEachMutation(
        of text: String, _ body: (_ bytes: [UInt8], _ isUTF8: Bool) -> Void
    ) {
        var bytes = Array(text.utf8)
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        for index in bytes.indices {
            let right = bytes[index]
            for wrong in UInt8.min...UInt8.max where wrong != right {
                bytes[index] = wrong
                let isUTF8 =
                    isASCII ? wrong < 0x80 : String(validating: bytes, as: UTF8.self) != nil
                body(bytes, isUTF8)
            }
            bytes[index] = right
        }
    }

    /// Whether this system writes such a record: one that names a payment that it derived.
    private func isWritable(_ record: InputRecord) -> Bool {
        switch record {
        case .paymentResult(let result): result.payment != nil
        case .command(let command): command.action != .repay(payment: nil)
        default: true
        }
    }
}
