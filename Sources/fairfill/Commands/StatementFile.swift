import CommandLine
import Digest
import FairfillClient
import Statements
import Vocabulary

/// A statement read from a file to its end, in one pass.
struct StatementFile {
    /// SHA-256 of its bytes in hexadecimal digits: its name in records.
    private(set) var digest = ""

    /// Calls `body` with each item.
    init(
        _ path: String, _ options: StatementOptions,
        begin: (StatementFormat) -> Void, _ body: @escaping (StatementItem) -> Void
    ) throws(Failure) {
        let name = path == "-" ? "standard input" : path
        let pieces = try Pieces(path)
        var hash = SHA256()
        var kept: [UInt8] = []
        var format = options.format
        var lined: LinedStatement?
        var isOver = false
        while !isOver {
            guard Interruption.signal == 0 else {
                throw Failure(.tryAgain, "interrupted before the end of \(name)")
            }
            switch try pieces.next(waitingMilliseconds: 100) {
            case .nothingYet: continue
            case .end: isOver = true
            case .piece(let piece):
                hash.update(piece)
                if lined == nil {
                    kept.append(contentsOf: piece)
                    guard kept.count <= CamtStatement.largestDocument else {
                        throw Failure(.data, "\(name): it is over 256 MiB; split it")
                    }
                } else {
                    try Self.read(name) { () throws(StatementFault) in
                        try lined?.take(piece, body)
                    }
                }
            }
            // The first piece tells what it is.
            guard lined == nil, format != .camt053, isOver || kept.count >= 4 else { continue }
            let mark = try FileBeginning.length(of: Array(kept.prefix(4)), name)
            let first = kept.dropFirst(mark).first { ![9, 10, 13, 32].contains($0) }
            if format == nil {
                // Blanks alone tell nothing yet.
                guard isOver || first != nil else { continue }
                format = StatementFormat(firstByte: first)
            }
            guard format != .camt053 else { continue }
            begin(format!)
            lined = LinedStatement(format == .csv ? .csv : .ndjson, try options.mapping())
            try Self.read(name) { () throws(StatementFault) in try lined?.take(kept, body) }
            kept = []
        }
        if lined != nil {
            try Self.read(name) { () throws(StatementFault) in try lined?.finish(body) }
        } else {
            begin(.camt053)
            let zone = try options.zone()
            try Self.read(name) { () throws(StatementFault) in
                _ = try CamtStatement.read(kept, zone: zone, body)
            }
        }
        withUnsafeTemporaryAllocation(byteCount: SHA256.digestCount, alignment: 1) { room in
            hash.finish(into: room)
            for byte in room {
                digest += (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
    }

    private static func read(
        _ name: String, _ body: () throws(StatementFault) -> Void
    ) throws(Failure) {
        do throws(StatementFault) {
            try body()
        } catch {
            throw Failure(.data, "\(name) is no statement that can be read: \(error.sentence)")
        }
    }
}
