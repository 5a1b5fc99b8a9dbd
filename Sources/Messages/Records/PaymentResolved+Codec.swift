import Vocabulary

// Entries of the journal about what people say, and about orders that are not carried out.

extension RecordDecoder {
    func proposed() throws(Malformation) -> PaymentProposed {
        PaymentProposed(
            proposal: try proposal(.journal), source: try members.quantity(.offset),
            at: try members.quantity(.at))
    }

    func agreed() throws(Malformation) -> PaymentAgreed {
        try members.checkListed([
            .type, .command, .resolution, .actor, .offset, .at, .number,
        ])
        return PaymentAgreed(
            command: try members.derivedPaymentID(.command),
            resolution: try members.identifier(.resolution),
            actor: try members.identifier(.actor), source: try members.quantity(.offset),
            at: try members.quantity(.at))
    }

    func resolved() throws(Malformation) -> PaymentResolved {
        try members.checkListed([
            .type, .command, .resolution, .decision, .proposedBy, .approvedBy, .reference, .key,
            .channel, .token, .body, .offset, .result, .at, .number,
        ])
        return PaymentResolved(
            command: try members.derivedPaymentID(.command),
            resolution: try members.identifier(.resolution),
            verdict: try members.choice(.decision, among: PaymentVerdict.table),
            proposedBy: try members.identifier(.proposedBy),
            approvedBy: try members.identifier(.approvedBy),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            revision: try revision(), source: try members.quantity(.offset),
            result: try members.optionalInteger(.result), at: try members.quantity(.at))
    }

    private func revision() throws(Malformation) -> PaymentResolved.Revision? {
        // All of them, or none.
        guard
            members.has(.key) || members.has(.channel) || members.has(.token)
                || members.has(.body)
        else { return nil }
        return PaymentResolved.Revision(
            key: try members.identifier(.key), channel: try members.identifier(.channel),
            accountToken: try members.text(.token, largest: RecordLimits.providerText),
            body: try members.text(.body, largest: RecordLimits.paymentBody))
    }

    func unresolved() throws(Malformation) -> PaymentUnresolved {
        try members.checkListed([
            .type, .command, .resolution, .reason, .offset, .at, .number,
        ])
        return PaymentUnresolved(
            command: try members.derivedPaymentID(.command),
            resolution: try members.optionalIdentifier(.resolution),
            reason: try members.choice(.reason, among: ResolutionRefusal.table),
            source: try members.quantity(.offset), at: try members.quantity(.at))
    }

    func recallNoted() throws(Malformation) -> PaymentRecallNoted {
        try members.checkListed([
            .type, .command, .offering, .partition, .account, .sourcePartition,
            .sourceOffset, .sourceAt, .at, .number,
        ])
        return PaymentRecallNoted(
            recall: try recall(), source: try commandSource(), at: try members.quantity(.at))
    }

    func invalidCommand() throws(Malformation) -> PaymentInvalid {
        try members.checkListed([
            .type, .command, .partition, .account, .sourcePartition, .sourceOffset, .sourceAt,
            .result, .at, .number,
        ])
        return PaymentInvalid(
            command: try members.derivedPaymentID(.command),
            partition: try members.quantity(.partition),
            account: try members.identifier(.account), source: try commandSource(),
            result: try members.integer(.result), at: try members.quantity(.at))
    }
}

extension JSONWriter {
    mutating func proposed(_ entry: PaymentProposed) {
        proposal(entry.proposal)
        member(",\"offset\":", entry.source)
        member(",\"at\":", entry.at)
    }

    mutating func agreed(_ entry: PaymentAgreed) {
        member(",\"command\":\"", entry.command)
        member(",\"resolution\":\"", entry.resolution)
        member(",\"actor\":\"", entry.actor)
        member(",\"offset\":", entry.source)
        member(",\"at\":", entry.at)
    }

    mutating func resolved(_ entry: PaymentResolved) {
        member(",\"command\":\"", entry.command)
        member(",\"resolution\":\"", entry.resolution)
        member(",\"decision\":\"", word: entry.verdict.rawValue)
        member(",\"proposedBy\":\"", entry.proposedBy)
        member(",\"approvedBy\":\"", entry.approvedBy)
        reference(entry.reference)
        if let revision = entry.revision {
            member(",\"key\":\"", revision.key)
            member(",\"channel\":\"", revision.channel)
            draft(token: revision.accountToken, body: revision.body)
        }
        member(",\"offset\":", entry.source)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func unresolved(_ entry: PaymentUnresolved) {
        member(",\"command\":\"", entry.command)
        if let resolution = entry.resolution { member(",\"resolution\":\"", resolution) }
        member(",\"reason\":\"", word: entry.reason.rawValue)
        member(",\"offset\":", entry.source)
        member(",\"at\":", entry.at)
    }

    mutating func recallNoted(_ entry: PaymentRecallNoted) {
        recall(entry.recall)
        source(entry.source)
        member(",\"at\":", entry.at)
    }

    mutating func invalid(_ entry: PaymentInvalid) {
        member(",\"command\":\"", entry.command)
        member(",\"partition\":", entry.partition)
        member(",\"account\":\"", entry.account)
        source(entry.source)
        member(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }
}
