import Vocabulary

extension PartitionBook {
    /// `offering.open` of an unknown offering opens it; any other command of one is refused.
    mutating func decide(_ command: OfferingCommand, into group: inout DecisionGroup) {
        if let index = index(of: command.offering) {
            return offerings[index].decide(command, into: &group)
        }
        let subject = Rejection.Subject.command(command.command)
        guard case .open(let asked) = command.action else {
            let rejection = Rejection(subject, .unknownOffering)
            return group.append(.rejected(rejection), of: command.offering, nil)
        }
        let terms = asked.filledIn
        if let member = TermsCheck.wrongMember(of: terms) {
            let rejection = Rejection(subject, .badTerms, member: member)
            return group.append(.rejected(rejection), of: command.offering, nil)
        }
        open(command.offering, terms, sequence: group.nextSequence)
        group.append(
            .opened(command: command.command, terms), of: command.offering,
            offerings[offerings.count - 1].counters)
    }

    /// `opened`: the event's change of the book. `terms` are filled in.
    mutating func open(_ offering: Identifier, _ terms: OfferingTerms, sequence: Sequence) {
        table.append(offering)
        offerings.append(OfferingBook(offering, terms, openedSequence: sequence))
    }
}
