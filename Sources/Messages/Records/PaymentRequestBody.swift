import Vocabulary

extension RecordEncoder {
    /// Writes the body of the request that asks a provider for a payment (Payments.md, The
    /// provider); needs room for `largestJournalEntry` bytes. The same command and the same
    /// account give the same bytes. `direction` is the word for the way the money moves.
    package static func encodeRequestBody(
        _ command: PaymentCommand, direction: String, accountToken: String,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestJournalEntry)
        writer.literal("{\"direction\":")
        writer.text(direction)
        writer.member(",\"amount\":", command.amount)
        writer.member(",\"currency\":\"", command.currency)
        writer.literal(",\"account_token\":")
        writer.text(accountToken)
        writer.member(",\"reference\":\"", command.id)
        writer.member(",\"purpose\":\"", word: command.kind.rawValue)
        writer.member(",\"metadata\":{\"obligation\":\"", command.id.obligation)
        writer.literal("}")
        return writer.end()
    }
}
