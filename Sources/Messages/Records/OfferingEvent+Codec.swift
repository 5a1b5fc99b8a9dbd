import Vocabulary

// Decisions about an offering.

extension RecordDecoder {
    func amended() throws(Malformation) -> OfferingEvent {
        .amended(
            command: try members.identifier(.command), closesAt: try members.quantity(.closesAt))
    }

    func cancelling() throws(Malformation) -> Cancelling {
        let reason = try members.optionalText(.reason, largest: RecordLimits.cancellationReason)
        guard let command = try members.optionalIdentifier(.command) else {
            guard reason == "shortfall" else { throw members.missing(.command) }
            return .shortfall
        }
        return .command(command, reason: reason)
    }

    mutating func certificate() throws(Malformation) -> Certificate {
        let terms = try offeringTerms()
        let first = try members.counts(.firstOffsets, by: InputTopic.table)
        let last = try members.counts(.lastOffsets, by: InputTopic.table)
        guard first.map(\.0) == last.map(\.0) else {
            throw members.fault(.badValue, .lastOffsets, try members.required(.lastOffsets))
        }
        return Certificate(
            state: try members.choice(.state, among: OfferingState.table), terms: terms,
            inputs: zip(first, last).map { first, last in
                Certificate.Range(
                    topic: first.0, first: Offset(rawValue: first.1),
                    last: Offset(rawValue: last.1))
            },
            refusals: try members.counts(.refusals, by: Reason.table).map {
                Certificate.Refusals(reason: $0.0, count: $0.1)
            },
            bids: try members.integer(.bids), accounts: try members.integer(.accounts),
            refunded: try members.quantity(.refunded),
            returned: try members.quantity(.returned))
    }
}

extension JSONWriter {
    mutating func offeringEvent(
        _ event: OfferingEvent, _ sequence: DecisionNumber, _ offering: Identifier?
    ) {
        switch event {
        case .opened(let command, let terms):
            head("{\"type\":\"opened\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            self.terms(terms)
        case .scheduled(let command, let terms):
            head("{\"type\":\"scheduled\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            self.terms(terms)
        case .amended(let command, let closesAt):
            head("{\"type\":\"amended\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            member(",\"closesAt\":", closesAt)
        case .paused(let command):
            head("{\"type\":\"paused\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
        case .resumed(let command):
            head("{\"type\":\"resumed\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
        case .fullyReserved: head("{\"type\":\"fullyReserved\",\"seq\":", sequence, offering)
        case .reopened: head("{\"type\":\"reopened\",\"seq\":", sequence, offering)
        case .filled: head("{\"type\":\"filled\",\"seq\":", sequence, offering)
        case .closing(let command):
            head("{\"type\":\"closing\",\"seq\":", sequence, offering)
            if let command { member(",\"command\":\"", command) }
        case .closedShort: head("{\"type\":\"closedShort\",\"seq\":", sequence, offering)
        case .cancelling(.command(let command, let reason)):
            head("{\"type\":\"cancelling\",\"seq\":", sequence, offering)
            member(",\"command\":\"", command)
            if let reason {
                literal(",\"reason\":")
                text(reason)
            }
        case .cancelling(.shortfall):
            head("{\"type\":\"cancelling\",\"seq\":", sequence, offering)
            literal(",\"reason\":\"shortfall\"")
        case .offeringCancelled:
            head("{\"type\":\"offeringCancelled\",\"seq\":", sequence, offering)
        case .certificate(let certificate):
            head("{\"type\":\"certificate\",\"seq\":", sequence, offering)
            self.certificate(certificate)
        case .archived: head("{\"type\":\"archived\",\"seq\":", sequence, offering)
        }
    }

    private mutating func certificate(_ certificate: Certificate) {
        member(",\"state\":\"", word: certificate.state.rawValue)
        terms(certificate.terms)
        member(",\"bids\":", certificate.bids)
        member(",\"accounts\":", certificate.accounts)
        member(",\"refunded\":", certificate.refunded)
        member(",\"returned\":", certificate.returned)
        offsets(",\"firstOffsets\":{", certificate.inputs.map { ($0.topic, $0.first) })
        offsets(",\"lastOffsets\":{", certificate.inputs.map { ($0.topic, $0.last) })
        literal(",\"refusals\":{")
        for (index, refusals) in certificate.refusals.enumerated() {
            literal(index == 0 ? "\"" : ",\"")
            word(refusals.reason.rawValue)
            member("\":", refusals.count)
        }
        literal("}")
    }

    private mutating func offsets(_ name: StaticString, _ offsets: [(InputTopic, Offset)]) {
        literal(name)
        for (index, (topic, offset)) in offsets.enumerated() {
            literal(index == 0 ? "\"" : ",\"")
            literal(topic.name)
            member("\":", offset)
        }
        literal("}")
    }
}
