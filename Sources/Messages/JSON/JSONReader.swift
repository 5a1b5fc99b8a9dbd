import Vocabulary

/// Reads JSON (RFC 8259) in one pass over the log's own bytes and says what stands where.
///
/// Every byte is checked, also of what nobody asked for: a value that this reader accepts is one
/// that every other reader accepts too, so that nobody sees another record than the allocator.
/// Faults are reported in the order of the bytes: the first one wins.
struct JSONReader {
    /// How deep objects and arrays may be nested, the record itself being the first level.
    static let deepestLevel = 32

    let base: UnsafeRawPointer
    /// The position after the last byte.
    let end: Int
    var position: Int

    @inline(__always)
    init(_ base: UnsafeRawPointer, from position: Int = 0, to end: Int) {
        self.base = base
        self.end = end
        self.position = position
    }

    /// The byte at `position`, or 0, which JSON has nowhere, at the end.
    @inline(__always)
    var byte: UInt8 { position < end ? base.load(fromByteOffset: position, as: UInt8.self) : 0 }

    @inline(__always)
    func byte(at index: Int) -> UInt8 { base.load(fromByteOffset: index, as: UInt8.self) }

    /// Passes white space, of which records usually have none.
    @inline(__always)
    mutating func skipSpace() {
        if byte <= 0x20 { skipSpaceSlowly() }
    }

    @inline(never)
    private mutating func skipSpaceSlowly() {
        while position < end {
            switch byte(at: position) {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    /// Passes a name's colon, and the white space around it.
    @inline(__always)
    mutating func colon() throws(Malformation) {
        skipSpace()
        guard byte == UInt8(ascii: ":") else { throw unexpected() }
        position += 1
        skipSpace()
    }

    /// What is wrong with the byte at `position`, which is none that may stand there.
    @inline(never)
    func unexpected() -> Malformation {
        if position < end, byte >= 0x80, utf8Count(at: position) == nil {
            return Malformation(.notUTF8, at: position)
        }
        return Malformation(.notJSON, at: position)
    }
}

extension JSONReader {
    /// Passes one value of any type, at `level` objects and arrays deep.
    @inline(__always)
    mutating func value(level: Int) throws(Malformation) -> JSONToken {
        switch byte {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: return try otherValue(level: level)
        }
    }

    /// Passes a value that is neither a string nor a number without a sign.
    @inline(never)
    private mutating func otherValue(level: Int) throws(Malformation) -> JSONToken {
        switch byte {
        case UInt8(ascii: "f"): return try literal("false", .false)
        case UInt8(ascii: "t"): return try literal("true", .true)
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return try nested(level: level)
        case UInt8(ascii: "-"): return try number()
        case UInt8(ascii: "+"), UInt8(ascii: "."): throw Malformation(.badNumber, at: position)
        default: throw unexpected()
        }
    }

    @inline(__always)
    private mutating func literal(
        _ word: StaticString, _ kind: JSONToken.Kind
    ) throws(Malformation) -> JSONToken {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard byte == word.utf8Start[index] else { throw unexpected() }
            position += 1
        }
        return JSONToken(kind, from: start, to: position)
    }

    /// Passes an object or an array with all that is in it, in a loop: what a record nests costs
    /// no stack. One bit a level says whether it is an object.
    private mutating func nested(level outer: Int) throws(Malformation) -> JSONToken {
        let start = position
        var objects: UInt64 = 0
        var level = outer
        while true {
            // At a bracket that opens a level.
            guard level < Self.deepestLevel else { throw Malformation(.tooDeep, at: position) }
            level += 1
            let isObject = byte == UInt8(ascii: "{")
            objects = objects &<< 1 | (isObject ? 1 : 0)
            position += 1
            skipSpace()
            var isEmpty = byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
            // At an element, or at the end of one.
            while true {
                if !isEmpty {
                    if objects & 1 == 1 { try name() }
                    if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { break }
                    _ = try value(level: level)
                    skipSpace()
                }
                while byte == (objects & 1 == 1 ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    position += 1
                    level -= 1
                    objects = objects &>> 1
                    if level == outer {
                        let kind: JSONToken.Kind =
                            byte(at: position - 1) == UInt8(ascii: "}") ? .object : .array
                        return JSONToken(kind, from: start, to: position)
                    }
                    skipSpace()
                }
                guard byte == UInt8(ascii: ",") else { throw unexpected() }
                position += 1
                skipSpace()
                isEmpty = false
            }
        }
    }

    /// Passes a member's name and its colon.
    private mutating func name() throws(Malformation) {
        guard byte == UInt8(ascii: "\"") else { throw unexpected() }
        _ = try string()
        try colon()
    }
}
