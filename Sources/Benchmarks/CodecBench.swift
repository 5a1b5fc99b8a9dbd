import CommandLine
import Digest
import EventLog
import FairfillClient
import Messages
import Vocabulary
import Workers

/// `fairfill bench codec`: records from and to bytes, on one thread.
package struct CodecBench: ~Copyable {
    private let bench: Bench
    private let sample: CodecSample

    /// `fairfill bench codec`.
    package static func run(_ arguments: Arguments) throws(Failure) -> ExitCode {
        let bench = try Bench(arguments, bids: 2_000_000)
        let codec = CodecBench(
            bench: bench, sample: try CodecSample(different: min(bench.bids, 50_000)))
        try codec.decodeBids()
        try codec.encodeBids()
        try codec.encodeDecisions()
        try codec.chainDecisions()
        try codec.decodeDecisions()
        try codec.hashDecisions()
        return .done
    }

    /// Measures `body`, which does the whole sample once and answers a number that depends on
    /// all of it, so that no work can be left out.
    private func measure(
        _ name: String, _ title: String, bytes: Int64, _ body: () throws(Malformation) -> Int
    ) throws(Failure) {
        let passes = max(1, bench.bids / sample.count)
        let count = passes * sample.count
        try bench.measure("codec.\(name)", title, count: count, bytes: bytes) {
            progress throws(Failure) in
            var clock = BenchClock()
            var sum = 0
            for pass in 0..<passes {
                do throws(Malformation) {
                    sum &+= try clock.time(body)
                } catch {
                    throw Failure(.invariant, "our own record can't be read: \(error.sentence)")
                }
                try progress.update(pass, of: passes)
            }
            guard sum != 0 else { throw Failure(.invariant, "\(name) did nothing") }
            return clock.seconds
        }
    }

    private func decodeBids() throws(Failure) {
        var decoder = RecordDecoder()
        try measure("decode-bid", "decode a bid", bytes: sample.bidBytes) {
            () throws(Malformation) in
            var sum = 0
            for index in 0..<sample.count {
                let record = try decoder.decode(sample.encodedBids[index].value, from: .bids)
                if case .bid(let bid) = record { sum &+= Int(bid.shares.rawValue) }
            }
            return sum
        }
    }

    private func encodeBids() throws(Failure) {
        try measure("encode-bid", "encode a bid", bytes: sample.bidBytes) {
            var sum = 0
            for index in 0..<sample.count {
                sum &+= RecordEncoder.encode(sample.bids[index], into: sample.room)
            }
            return sum
        }
    }

    /// Without the chain: the hash is one and the same.
    private func encodeDecisions() throws(Failure) {
        let hash = HashText(String(repeating: "0", count: HashText.count))!
        let room = sample.room
        try measure("encode-decision", "encode a decision", bytes: sample.decisionBytes) {
            var sum = 0
            for index in 0..<sample.count {
                let count = RecordEncoder.encode(sample.decisions[index], into: room)
                let end = UnsafeMutableRawBufferPointer(rebasing: room[count...])
                sum &+= count + RecordEncoder.seal(epoch: 1, hash: hash, into: end)
            }
            return sum
        }
    }

    private func chainDecisions() throws(Failure) {
        var chain = DecisionChain(partition: 0)
        try measure(
            "chain-decision", "encode a decision and hash it", bytes: sample.decisionBytes
        ) {
            var sum = 0
            for index in 0..<sample.count {
                sum &+= chain.append(sample.decisions[index], into: sample.room)
            }
            return sum
        }
    }

    private func decodeDecisions() throws(Failure) {
        var decoder = RecordDecoder()
        try measure("decode-decision", "decode a decision", bytes: sample.decisionBytes) {
            () throws(Malformation) in
            var sum = 0
            for index in 0..<sample.count {
                sum &+= try decoder.decodeDecision(sample.encodedDecisions[index].value)
                    .hashedCount
            }
            return sum
        }
    }

    private func hashDecisions() throws(Failure) {
        var digest = SHA256()
        let room = sample.room
        try measure("sha256", "SHA-256 of a decision", bytes: sample.decisionBytes) {
            var sum = 0
            for index in 0..<sample.count {
                digest.update(sample.encodedDecisions[index].value!)
                digest.finish(into: room)
                sum &+= Int(room[0]) + 1
            }
            return sum
        }
    }
}
