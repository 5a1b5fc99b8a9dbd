import Vocabulary

// Offering commands that are refused, and those that come again.
extension OfferingAudit {
    /// A refusal spends the command's id, and was right; an `open` spends none.
    mutating func reject(
        _ command: Identifier, _ action: OfferingCommand.Action?, _ reason: Reason,
        _ sequence: DecisionNumber, _ source: Source, _ faults: inout [Fault]
    ) {
        switch reason {
        case .wrongState, .badTerms, .conflictingDuplicate: break
        // It was not for this offering.
        default: return
        }
        guard let action else {
            if reason != .conflictingDuplicate {
                fault(
                    .wrongRepeat, nil, "command \(command) is refused, and what it asks for is not "
                        + "said", &faults)
            }
            return
        }
        if commands[command] != nil || command == openingCommand {
            if reason != .conflictingDuplicate || commandActions[command] == action {
                fault(.wrongRepeat, nil, "command \(command) was decided before", &faults)
            }
            return
        }
        if reason != self.reason(for: action, source) {
            fault(
                .wrongState, nil,
                "command \(command) was refused \(reason.rawValue), and that was not so", &faults)
        }
        commands[command] = sequence
        commandActions[command] = action
        commandRefusals[command] = reason
    }

    /// A command again: it did so, or was refused so, or finds that it is so.
    mutating func checkRepeat(
        of command: Identifier, _ first: DecisionNumber, _ refused: Reason?, _ faults: inout [Fault]
    ) {
        let isKnown = first == opened || commands[command] == first
            || commands[command] == nil && commandDecisions[first] != nil
        if !isKnown || refused != (first == opened ? nil : commandRefusals[command]) {
            fault(
                .wrongRepeat, nil, "command \(command) repeats decision \(first), which is of no "
                    + "such command, or says something else", &faults)
        }
        // Its id is spent: it never acts after this.
        guard first != opened, commands[command] == nil else { return }
        commands[command] = first
        commandActions[command] = commandDecisions[first]
    }

    // MARK: What is refused

    /// Why a command of a new id is refused as things stand; nil where it is not.
    private func reason(for action: OfferingCommand.Action, _ source: Source) -> Reason? {
        switch action {
        case .open: return nil
        case .pause: return state.isBeforeClose ? nil : .wrongState
        case .resume: return state.isBeforeClose && wasPaused ? nil : .wrongState
        case .close: return state.isBeforeClose || state == .closing ? nil : .wrongState
        case .cancel: return mayBeCancelled ? nil : .wrongState
        case .amend(let end):
            if !state.isBeforeClose { return .wrongState }
            return mayEnd(at: end, source) ? nil : .badTerms
        case .repay(let payment): return mayBeRepaid(payment) ? nil : .wrongState
        case .distribute(let distribution, let kind, let amount):
            return reason(forDistributing: amount, as: distribution, kind)
        }
    }

    private func mayBeRepaid(_ payment: PaymentID?) -> Bool {
        guard let payment, let payout = payouts[payment.obligation],
            payment.number == 0 || Int(payment.number) == payout.commands.count,
            payment.bid != nil || state == .filled || state == .closedShort
        else { return false }
        return !payout.isPaid && !payout.isCalledOff && payout.commands.last!.isDeclined
    }

    private func reason(
        forDistributing amount: MinorUnits, as distribution: Identifier, _ kind: DistributionKind
    ) -> Reason? {
        let name = PaymentID(
            offering: self.name, subject: self.name, kind: .distribution(kind, distribution),
            number: 0)
        if let known = distributed[name] {
            return known.total == amount ? nil : .conflictingDuplicate
        }
        if state != .filled && state != .closedShort || counters.settled < 1 { return .wrongState }
        let allowed = kind == .interest
            ? terms.distributions?.interest : terms.distributions?.principal
        let paid = Int128(counters.settled.rawValue) * Int128(terms.price.rawValue)
        let isTooMuch = kind == .principal && principal + Int128(amount.rawValue) > paid
        let isRight = (allowed?.contains(distribution) ?? false) && amount > 0 && !isTooMuch
        return isRight ? nil : .badTerms
    }
}
