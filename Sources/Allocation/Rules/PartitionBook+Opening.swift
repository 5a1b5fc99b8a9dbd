import Vocabulary

extension PartitionBook {
    /// `offering.open` of an unknown offering opens it, or schedules it where its time has not
    /// come; any other command of one is refused. Answers the offering it is about.
    mutating func decideCommand(
        _ command: OfferingCommand, from source: Source, into group: inout DecisionGroup
    ) -> Int? {
        let moment = Moment(bookTime: bookTime, at: source.at)
        if let index = noteInput(of: command.offering, from: source) {
            offerings[index].decideCommand(command, moment, into: &group)
            return index
        }
        let subject = Rejection.Subject(command)
        guard case .open(let asked) = command.action else {
            let rejection = Rejection(subject, .unknownOffering)
            group.append(.rejected(rejection), of: command.offering, nil)
            return nil
        }
        let (rules, terms, wrongMember) = self.rules.opening(asked, at: moment)
        if let member = wrongMember {
            let rejection = Rejection(subject, .badTerms, member: member)
            group.append(.rejected(rejection), of: command.offering, nil)
            return nil
        }
        let isScheduled = terms.opensAt.map { $0 > bookTime } ?? false
        open(
            command.offering, terms, rules, command: command.command,
            sequence: group.nextSequence, isScheduled: isScheduled)
        let index = noteInput(of: command.offering, from: source)!
        group.append(
            isScheduled
                ? .offering(.scheduled(command: command.command, terms))
                : .offering(.opened(command: command.command, terms)),
            of: command.offering, offerings[index].counters)
        return index
    }

    /// `opened` and `scheduled`: the event's change of the book. `terms` are filled in.
    mutating func open(
        _ offering: Identifier, _ terms: OfferingTerms, _ rules: RulesVersion,
        command: Identifier, sequence: DecisionNumber, isScheduled: Bool
    ) {
        table.append(offering)
        offerings.append(
            OfferingBook(
                offering, terms, rules, command: command, openedSequence: sequence,
                isScheduled: isScheduled))
    }
}
