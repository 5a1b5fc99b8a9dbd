import Vocabulary

extension JSONReader {
    /// Passes the number at `position`, which is a digit or a minus.
    @inline(__always)
    mutating func number() throws(Malformation) -> JSONToken {
        if position &+ 16 <= end {
            // Times have 13 digits, other numbers less than eight, and both end at a comma or a
            // brace; a value that looks different is looked at more closely.
            let start = position
            let low = EightBytes.load(base, start)
            var count = EightBytes.firstIndex(EightBytes.notDigits(low))
            var value: UInt64
            if count < 8 {
                guard count > 0, low & 0xff != 0x30 || count == 1 else { return try anyNumber() }
                value = EightBytes.number(low, digits: count)
            } else {
                let high = EightBytes.load(base, start &+ 8)
                let more = EightBytes.firstIndex(EightBytes.notDigits(high))
                guard low & 0xff != 0x30, more > 0, more < 8 else { return try anyNumber() }
                count = 8 &+ more
                value = EightBytes.number(low, digits: 8) &* Self.powerOfTen(more)
                value &+= EightBytes.number(high, digits: more)
            }
            let after = byte(at: start &+ count)
            if after == UInt8(ascii: ",") || after == UInt8(ascii: "}") {
                position = start &+ count
                return JSONToken(
                    .integer, from: start, to: position, integer: Int64(bitPattern: value))
            }
        }
        return try anyNumber()
    }

    /// 10 to the power of 0 to 7.
    @inline(__always)
    private static func powerOfTen(_ exponent: Int) -> UInt64 {
        var power: UInt64 = exponent & 1 == 0 ? 1 : 10
        if exponent & 2 != 0 { power &*= 100 }
        if exponent & 4 != 0 { power &*= 10_000 }
        return power
    }

    /// Passes a number of any form. Digits are counted up to what an integer of a record has;
    /// a number that is longer is out of range in any case.
    @inline(never)
    private mutating func anyNumber() throws(Malformation) -> JSONToken {
        let start = position
        var isInteger = true
        if byte == UInt8(ascii: "-") {
            isInteger = false
            position += 1
        }
        let first = byte
        let value = try digits(ofNumberAt: start)
        if first == UInt8(ascii: "0"), value.count > 1 {
            throw Malformation(.badNumber, at: start)
        }
        if byte == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            _ = try digits(ofNumberAt: start)
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
            _ = try digits(ofNumberAt: start)
        }
        isInteger = isInteger && value.number <= UInt64(largestInteger)
        return JSONToken(
            isInteger ? .integer : .otherNumber, from: start, to: position,
            integer: isInteger ? Int64(value.number) : 0)
    }

    /// Passes one digit or more. The number stops growing once it is out of range.
    @inline(__always)
    private mutating func digits(
        ofNumberAt start: Int
    ) throws(Malformation) -> (number: UInt64, count: Int) {
        let first = position
        var number: UInt64 = 0
        while position + 8 <= end, number < 100_000_000 {
            let word = EightBytes.load(base, position)
            guard EightBytes.notDigits(word) == 0 else { break }
            number = number * 100_000_000 + EightBytes.number(word, digits: 8)
            position += 8
        }
        while byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            if number <= UInt64(largestInteger) {
                number = number * 10 + UInt64(byte - UInt8(ascii: "0"))
            }
            position += 1
        }
        guard position > first else {
            // A record that ends within a number ends too early.
            throw position < end
                ? Malformation(.badNumber, at: start) : Malformation(.notJSON, at: end)
        }
        return (number, position - first)
    }
}
