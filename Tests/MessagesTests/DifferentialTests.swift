import Testing

import Messages
import SeededNumbers
import Vocabulary

/// Random records, right and wrong, read by the decoder and by a plain reader of the same rules.
@Suite struct DifferentialTests {
    @Test(arguments: [1, 20_261_124, 0xfa1f_f111] as [UInt64])
    func bidsAreReadAsThePlainReaderReadsThem(_ seed: UInt64) {
        var text = RandomBidText(generator: SeededGenerator(seed: seed))
        var reader = Reader()
        var counts: [String: Int] = [:]
        for index in 0..<40_000 {
            let bytes = text.next()
            let expected = Verdict(naive: bytes)
            let verdict = Verdict(reader.input(bytes))
            counts["\(expected.word)", default: 0] += 1
            if verdict != expected {
                Issue.record(
                    """
                    seed \(seed), record \(index): \(verdict) instead of \(expected):
                    \(String(decoding: bytes, as: UTF8.self))
                    """)
                return
            }
        }
        // Runs that find nothing to read, or nothing wrong, would prove nothing.
        for word in ["bid", "cancel", "text", "duplicateMember", "missingMember", "outOfRange"] {
            #expect(counts[word, default: 0] > 100, "seed \(seed): \(word) in \(counts)")
        }
    }
}

/// What a reader makes of a record of `bids`; faults of the text are not told apart.
private enum Verdict: Equatable {
    case record(InputRecord)
    case text
    case members(Malformation.Code, Member?)

    var word: String {
        switch self {
        case .record(.bid): "bid"
        case .record: "cancel"
        case .text: "text"
        case .members(let code, _): code.rawValue
        }
    }

    init(_ reading: Reading<InputRecord>) {
        switch reading {
        case .record(let record): self = .record(record)
        case .fault(let fault):
            switch fault.code {
            case .notUTF8, .notJSON, .notAnObject, .trailingBytes, .tooDeep, .badEscape,
                .unpairedSurrogate, .badNumber, .tooLong, .nullPayload:
                self = .text
            default: self = .members(fault.code, fault.member)
            }
        }
    }

    init(naive bytes: [UInt8]) {
        guard bytes.count <= 16_384, case .object(let members) = NaiveJSON(bytes) else {
            self = .text
            return
        }
        do {
            self = .record(try Self.record(members))
        } catch {
            self = .members(error.code, error.member)
        }
    }

    private typealias Members = [(name: String, value: NaiveJSON)]

    private static func record(_ members: Members) throws(Malformation) -> InputRecord {
        func fault(_ code: Malformation.Code, _ member: Member) -> Malformation {
            Malformation(code, member: member, at: 0)
        }
        func value(_ member: Member) throws(Malformation) -> NaiveJSON {
            guard let first = members.first(where: { $0.name == member.rawValue }) else {
                throw fault(.missingMember, member)
            }
            return first.value
        }
        func refuseRepeated(_ listed: [Member]) throws(Malformation) {
            var seen: Set<String> = []
            for (name, _) in members where !seen.insert(name).inserted {
                if let member = listed.first(where: { $0.rawValue == name }) {
                    throw fault(.duplicateMember, member)
                }
            }
        }
        func id(_ member: Member) throws(Malformation) -> Identifier {
            guard case .string(let text) = try value(member) else {
                throw fault(.wrongType, member)
            }
            let isOfTheForm =
                (1...64).contains(text.utf8.count)
                && text.unicodeScalars.allSatisfy {
                    $0.isASCII
                        && ($0.properties.isAlphabetic
                            || "0123456789._:-".unicodeScalars.contains($0))
                }
            guard isOfTheForm, let id = Identifier(parsing: text) else {
                throw fault(.badIdentifier, member)
            }
            return id
        }
        try refuseRepeated([.type])
        guard case .string(let type) = try value(.type) else { throw fault(.wrongType, .type) }
        guard type == "bid" || type == "cancel" else { throw fault(.unknownType, .type) }
        try refuseRepeated(
            type == "bid"
                ? [.bid, .offering, .account, .shares, .allOrNone] : [.bid, .offering, .account])
        let (bid, offering, account) = (try id(.bid), try id(.offering), try id(.account))
        guard type == "bid" else {
            return .cancellation(
                BidCancellation(bid: bid, offering: offering, account: account))
        }
        guard case .number(let number) = try value(.shares) else {
            throw fault(.wrongType, .shares)
        }
        guard let shares = UInt64(number), shares < 1 << 53, !number.hasPrefix("-") else {
            throw fault(.outOfRange, .shares)
        }
        var allOrNone = false
        if members.contains(where: { $0.name == "allOrNone" }) {
            guard case .boolean(let given) = try value(.allOrNone) else {
                throw fault(.wrongType, .allOrNone)
            }
            allOrNone = given
        }
        return .bid(
            Bid(
                bid: bid, offering: offering, account: account, shares: Shares(shares),
                allOrNone: allOrNone))
    }
}

/// Makes records of `bids`: mostly right ones, with members in any order and spelling, beside
/// others of any kind, then often with one or two bytes changed.
private struct RandomBidText {
    var generator: SeededGenerator
    private var bytes: [UInt8] = []

    init(generator: SeededGenerator) { self.generator = generator }

    mutating func next() -> [UInt8] {
        bytes = []
        object()
        if chance(3) { for _ in 0...pick(2) { mutate() } }
        return bytes
    }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    /// True once in `count` times.
    private mutating func chance(_ count: Int) -> Bool { pick(count) == 0 }

    private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func space() {
        while chance(6) { write([" ", "\n", "\t", "\r"][pick(4)]) }
    }

    private mutating func object() {
        var members = [
            ("type", chance(4) ? "cancel" : "bid"), ("bid", "b-\(pick(1_000))"),
            ("offering", "loan-7"), ("account", "a.\(pick(1_000))"), ("shares", ""),
            ("allOrNone", ""),
        ]
        if chance(2) { members.shuffle(using: &generator) }
        if chance(10) { members.remove(at: pick(members.count)) }
        if chance(10) { members.insert(members[pick(members.count)], at: pick(members.count)) }
        if chance(3) { members.insert(("x\(pick(3))", ""), at: pick(members.count)) }
        space()
        write("{")
        for (index, (name, text)) in members.enumerated() {
            if index > 0 { write(",") }
            space()
            string(name)
            space()
            write(":")
            space()
            value(of: name, text)
            space()
        }
        write("}")
        space()
    }

    private mutating func value(of name: String, _ text: String) {
        if chance(25) || name.hasPrefix("x") { return any(depth: 1 + pick(3)) }
        switch name {
        case "shares": chance(8) ? number() : write("\(pick(100_000))")
        case "allOrNone": write(chance(2) ? "true" : "false")
        default: string(chance(30) ? text + ["", " ", "/", "é", "_:", "\u{1}"][pick(6)] : text)
        }
    }

    private mutating func any(depth: Int) {
        switch pick(depth > 40 ? 5 : 7) {
        case 0: write("null")
        case 1: write(["true", "false"][pick(2)])
        case 2, 3: number()
        case 4:
            let texts = ["", "bid", "é", "😀\u{7f}", "a\"b\\c", "\n", "12345678901234567"]
            string(texts[pick(texts.count)])
        case 5:
            write("[")
            for index in 0..<pick(4) {
                if index > 0 { write(",") }
                space()
                any(depth: depth + 1 + pick(20))
                space()
            }
            write("]")
        default:
            write("{")
            for index in 0..<pick(3) {
                if index > 0 { write(",") }
                space()
                string(["bid", "shares", "", "é"][pick(4)])
                write(":")
                any(depth: depth + 1 + pick(20))
            }
            write("}")
        }
    }

    private mutating func number() {
        if chance(4) { write("-") }
        write(["0", "7", "9007199254740991", "9007199254740992", "00", "12345678", ""][pick(7)])
        if chance(3) { write("\(pick(1_000_000_000))") }
        if chance(5) { write([".5", ".", ".0"][pick(3)]) }
        if chance(5) { write(["e5", "E+5", "e", "e-0"][pick(4)]) }
    }

    private mutating func string(_ text: String) {
        write("\"")
        let usesEscapes = chance(6)
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || usesEscapes && chance(2) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: chance(2))
                    write("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
                }
            } else {
                write(String(scalar))
            }
        }
        write("\"")
    }

    private mutating func mutate() {
        let likely =
            Array("{}[]\",:\\u0eE.+-dDcC 19tfn\u{0}\u{1f}\n\u{7f}".utf8)
            + [0x80, 0xc3, 0xed, 0xff]
        let index = pick(bytes.count)
        let byte = chance(3) ? UInt8(pick(256)) : likely[pick(likely.count)]
        switch pick(4) {
        case 0: bytes.remove(at: index)
        case 1: bytes.insert(byte, at: index)
        case 2: bytes[index] = byte
        default: bytes.removeSubrange(index..<min(bytes.count, index + 1 + pick(8)))
        }
        if bytes.isEmpty { bytes = [0x20] }
    }
}
