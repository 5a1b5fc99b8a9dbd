import Vocabulary

// How much memory a payer's book takes.
extension PaymentBook {
    /// The bytes that it holds on to: its commands with their requests and texts, and the tables
    /// by which they are found.
    package var storageBytes: Int {
        payments.capacity * MemoryLayout<Payment>.stride + textBytes
            + Self.bytes(of: indexByID) + Self.bytes(of: obligations) + Self.bytes(of: lanes)
            + turns.capacity * MemoryLayout<Int>.stride
    }

    /// What a table takes: its slots, of which a quarter are free, and a bit for each.
    private static func bytes<Key, Value>(of table: [Key: Value]) -> Int {
        table.capacity * 4 / 3 * (MemoryLayout<Key>.stride + MemoryLayout<Value>.stride)
    }

    /// Changes texts of a command, and counts what they take.
    mutating func changeTexts(of index: Int, _ change: (inout Payment) -> Void) {
        textBytes -= Self.textBytes(payments[index])
        change(&payments[index])
        textBytes += Self.textBytes(payments[index])
    }

    /// What the texts of a command take beside the command itself.
    static func textBytes(_ payment: Payment) -> Int {
        func bytes(_ text: String?) -> Int {
            // Up to 15 bytes stand in the value itself.
            guard let count = text?.utf8.count, count > 15 else { return 0 }
            return count + 48
        }
        return bytes(payment.intent?.body) + bytes(payment.intent?.accountToken)
            + bytes(payment.reference)
    }
}
