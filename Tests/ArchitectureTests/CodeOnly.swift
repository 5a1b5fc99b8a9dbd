/// `text` with comments and the contents of string literals taken out, line for line, so that a
/// rule about code is not broken by a sentence about it. Interpolated code goes with its literal.
func codeOnly(_ text: String) -> String {
    var reader = CodeReader(rest: Array(text.utf8)[...])
    reader.readCode(until: nil)
    return String(decoding: reader.code, as: UTF8.self)
}

private struct CodeReader {
    var rest: ArraySlice<UInt8>
    var code: [UInt8] = []

    func stands(_ text: StaticString) -> Bool {
        rest.starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Moves on; of what is passed only the ends of lines are kept.
    mutating func skip(_ count: Int) {
        code += rest.prefix(count).filter { $0 == UInt8(ascii: "\n") }
        rest = rest.dropFirst(count)
    }

    /// Reads code up to the end, or past the bracket that closes an interpolation.
    mutating func readCode(until close: UInt8?) {
        var depth = 0
        while let byte = rest.first {
            if stands("//") {
                skip(rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 - rest.startIndex }
                    ?? rest.count)
            } else if stands("/*") {
                skipBlockComment()
            } else if let hashes = hashesOfLiteral() {
                skipLiteral(hashes: hashes)
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == close {
                    if depth == 0 { return skip(1) }
                    depth -= 1
                }
                code.append(byte)
                rest = rest.dropFirst()
            }
        }
    }

    /// Block comments nest.
    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if stands("/*") {
                depth += 1
                skip(2)
            } else if stands("*/") {
                depth -= 1
                skip(2)
            } else {
                skip(1)
            }
        } while depth > 0 && !rest.isEmpty
    }

    /// How many `#` stand before the quotation mark of a literal that begins here.
    private func hashesOfLiteral() -> Int? {
        let hashes = rest.prefix { $0 == UInt8(ascii: "#") }.count
        return rest.dropFirst(hashes).first == UInt8(ascii: "\"") ? hashes : nil
    }

    private mutating func skipLiteral(hashes: Int) {
        skip(hashes)
        let marks = stands("\"\"\"") ? 3 : 1
        skip(marks)
        let escape = [UInt8(ascii: "\\")] + Array(repeating: UInt8(ascii: "#"), count: hashes)
        let end = Array(repeating: UInt8(ascii: "\""), count: marks) + escape.dropFirst()
        code += Array("\"\"".utf8)
        while !rest.isEmpty {
            if rest.starts(with: end) { return skip(end.count) }
            if rest.starts(with: escape) {
                let isInterpolation = rest.dropFirst(escape.count).first == UInt8(ascii: "(")
                skip(escape.count + 1)
                if isInterpolation { skipInterpolation() }
            } else {
                skip(1)
            }
        }
    }

    /// Interpolated code may hold literals with brackets and quotation marks of their own.
    private mutating func skipInterpolation() {
        var inner = CodeReader(rest: rest)
        inner.readCode(until: UInt8(ascii: ")"))
        rest = inner.rest
        code += inner.code.filter { $0 == UInt8(ascii: "\n") }
    }
}
