import Foundation
import FoundationXML

/// Reads a statement in the form camt.053 of ISO 20022.
///
/// The document comes whole, since its size must be known to be bounded. It is refused before a
/// parser sees it if it declares a document type or could hide one: nothing of it may expand or
/// fetch anything.
package enum CamtStatement {
    package static let largestDocument = 256 << 20
    /// Entries and their details.
    package static let mostLines = 5_000_000
    static let deepest = 32
    static let largestText = 1_024

    /// Calls `body` with what the document says, in its order, and answers the statement's own id.
    /// `zone`, in minutes east of UTC, is that of days and times without one. Throws where it is
    /// no camt.053 statement; what was told to `body` before counts for nothing then.
    package static func read(
        _ bytes: [UInt8], zone: Int, _ body: @escaping (StatementItem) -> Void
    ) throws(StatementFault) -> String? {
        if let sentence = refusal(bytes) { throw StatementFault(sentence: sentence) }
        let parser = XMLParser(data: Data(bytes))
        let reader = CamtReader(zone: zone, body)
        parser.shouldProcessNamespaces = false
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        let isWhole = parser.parse()
        if let fault = reader.fault { throw fault }
        // What follows the root is an error that `parse` does not answer.
        guard isWhole, parser.parserError == nil, reader.isClosed else {
            throw StatementFault(
                sentence: "it is cut off, or no XML, or something follows its end: the parser "
                    + "ended at line \(parser.lineNumber)")
        }
        guard reader.hasStatement else {
            throw StatementFault(
                sentence: "it holds no Stmt of BkToCstmrStmt: is it camt.053?")
        }
        return reader.id
    }

    /// Why no parser gets to see these bytes; nil where one may.
    private static func refusal(_ bytes: [UInt8]) -> String? {
        guard bytes.count <= largestDocument else { return "it is over 256 MiB" }
        guard !bytes.contains(0) else { return "it has zero bytes: it must be UTF-8" }
        if contains("<!DOCTYPE", bytes) || contains("<!ENTITY", bytes) {
            return "it declares a document type or an entity; no statement needs them"
        }
        let head = String(decoding: bytes.prefix(200), as: UTF8.self)
        if let match = head.firstMatch(of: #/encoding\s*=\s*["']([^"']*)["']/#) {
            let name = String(match.output.1)
            guard ["utf-8", "us-ascii", "iso-8859-1"].contains(name.lowercased()) else {
                return "its encoding is '\(name.shown)': it must be UTF-8"
            }
        }
        return nil
    }

    private static func contains(_ word: StaticString, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
            var at = 0
            while at + word.count <= bytes.count {
                guard bytes[at] == word[0] else {
                    at += 1
                    continue
                }
                if UnsafeBufferPointer(rebasing: bytes[at..<(at + word.count)])
                    .elementsEqual(word)
                {
                    return true
                }
                at += 1
            }
            return false
        }
    }
}
