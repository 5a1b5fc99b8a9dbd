import Vocabulary

/// What a record that is malformed names all the same.
package struct ReadableNames: Hashable, Sendable {
    package var offering: Identifier?
    package var bid: Identifier?
    package var account: Identifier?

    package init(
        offering: Identifier? = nil, bid: Identifier? = nil, account: Identifier? = nil
    ) {
        self.offering = offering
        self.bid = bid
        self.account = account
    }
}

extension RecordDecoder {
    /// What could be read of the record that was refused last, whose bytes must still be there: the
    /// offering, and the bid and the account where records of `topic` list them. A member that is
    /// itself at fault, or is there twice, names nothing; nor does a text that is no whole object.
    package func readableNames(from topic: InputTopic) -> ReadableNames {
        guard isWhole else { return ReadableNames() }
        return ReadableNames(
            offering: name(.offering), bid: topic == .bids ? name(.bid) : nil,
            account: topic == .offeringCommands ? nil : name(.account))
    }

    private func name(_ name: Member) -> Identifier? {
        members.hasOnce(name) ? try? members.identifier(name) : nil
    }
}
