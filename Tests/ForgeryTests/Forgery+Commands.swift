import Vocabulary

extension Forgery {
    static let ofCommands: [Forgery] = [
        Forgery(.wrongRepeat, "a refused command is refused once more") {
            let index = try $0.index {
                if case .repeated(.command(_, _, refused: .some)) = $0 { true } else { false }
            }
            $0[index].event = .rejected(Rejection(.command("z1", .resume), .wrongState))
        },
        Forgery(.wrongState, "a refused command acts when it comes again") {
            let index = try $0.index {
                if case .repeated(.command(_, _, refused: .some)) = $0 { true } else { false }
            }
            $0[index].event = .offering(.paused(command: "z1"))
        },
        Forgery(.wrongRepeat, "it is not said that a command was refused") {
            let index = try $0.index {
                if case .repeated(.command(_, _, refused: .some)) = $0 { true } else { false }
            }
            guard case .repeated(.command(let id, let of, _)) = $0[index].event else { return }
            $0[index].event = .repeated(.command(id, of: of))
        },
        Forgery(.wrongRepeat, "it is said that a command was refused that acted") {
            let index = try $0.index {
                if case .repeated(.command("z3", _, _)) = $0 { true } else { false }
            }
            guard case .repeated(.command(let id, let of, _)) = $0[index].event else { return }
            $0[index].event = .repeated(.command(id, of: of, refused: .wrongState))
        },
        Forgery(.wrongRepeat, "the same command is called another one") {
            let index = try $0.index {
                if case .repeated(.command("z3", _, _)) = $0 { true } else { false }
            }
            $0[index].event = .rejected(
                Rejection(.command("z3", .pause), .conflictingDuplicate))
        },
        Forgery(.wrongState, "a command is refused for what was not so") {
            try $0.refuseCommand("z2", .wrongState)
        },
        Forgery(.wrongState, "a command is refused, and nothing was wrong with it") {
            let index = try $0.index {
                if case .offering(.paused(command: "z3")) = $0 { true } else { false }
            }
            $0[index].event = .rejected(Rejection(.command("z3", .pause), .wrongState))
        },
        Forgery(.wrongRepeat, "what a refused command asked for is not said") {
            let index = try $0.index {
                if case .rejected(let rejection) = $0 {
                    rejection.subject == .command("z1", .resume)
                } else {
                    false
                }
            }
            $0[index].event = .rejected(Rejection(.command("z1"), .wrongState))
        },
        Forgery(.wrongState, "what could be read is called malformed") {
            let index = try $0.reason(.belowMinimum)
            guard case .rejected(var rejection) = $0[index].event else { return }
            rejection.reason = .malformed
            $0[index].event = .rejected(rejection)
        },
        Forgery(.wrongState, "what could not be read is refused as something else") {
            let index = try $0.reason(.malformed)
            guard case .rejected(var rejection) = $0[index].event else { return }
            rejection.reason = .misrouted
            $0[index].event = .rejected(rejection)
        },
        Forgery(.wrongCounters, "what could not be read names an open offering, and no counters") {
            let index = try $0.index {
                if case .rejected(let rejection) = $0,
                    case .unreadable(_, .some, _) = rejection.subject
                {
                    true
                } else {
                    false
                }
            }
            $0[index].counters = nil
        },
        Forgery(.wrongState, "the end is put off by more than a century") {
            let index = try $0.index(.amended)
            guard case .offering(.amended(let command, _)) = $0[index].event else { return }
            $0[index].event = .offering(.amended(command: command, closesAt: 4_000_000_000_000))
        },
    ]

    static let ofReturns: [Forgery] = [
        Forgery(.wrongPayment, "what came back is released by another result") {
            let index = try $0.index(.released, "g1")
            $0[index].event.pay { $0.result += 1 }
        },
        Forgery(.wrongPayment, "what came back is released with fewer shares") {
            let index = try $0.index(.released, "g1")
            $0[index].event.pay { $0.shares -= 1 }
        },
        Forgery(.wrongPayment, "what is paid is released as if it came back") {
            let index = try $0.index(.refunding, "g2")
            guard case .money(.refunding(let refund)) = $0[index].event else { return }
            $0[index].event = .bid(.released(
                PaidPart(
                    bid: refund.bid, account: refund.account, shares: refund.shares,
                    number: refund.number, result: 1), .returned))
        },
        Forgery(.wrongPayment, "what came back is refunded") {
            let index = try $0.index(.released, "g1")
            guard case .bid(.released(let part, _)) = $0[index].event else { return }
            $0[index].event = .money(.refunding(
                Refund(
                    bid: part.bid, account: part.account, shares: part.shares,
                    number: part.number, refund: 1, amount: 4)))
        },
        Forgery(.wrongState, "what came back counts as refunded") {
            try $0.certify("back") {
                $0.refunded += 2
                $0.returned -= 2
            }
        },
        Forgery(.wrongState, "what was given back does not count") {
            try $0.certify("plan") { $0.refunded -= 1 }
        },
        Forgery(.wrongPayment, "a refund is commanded again that is owed no more") {
            let index = try $0.index {
                if case .rejected(let rejection) = $0,
                    case .command("z5", .repay?) = rejection.subject
                {
                    true
                } else {
                    false
                }
            }
            let refund = PaymentID(offering: "back", bid: "g2", kind: .refund(1), number: 0)
            var again = refund
            again.number = 2
            $0[index].event = .money(.repaying(
                command: "z5", named: refund,
                PayoutResult(payment: again, account: "a2", amount: 4, result: 0)))
        },
    ]
}

extension Forged {
    /// Changes the last certificate of an offering.
    fileprivate mutating func certify(
        _ offering: Identifier, _ change: (inout Certificate) -> Void
    ) throws {
        for index in decisions.indices.reversed() where decisions[index].offering == offering {
            guard case .offering(.certificate(var certificate)) = decisions[index].event
            else { continue }
            change(&certificate)
            self[index].event = .offering(.certificate(certificate))
            return
        }
    }

    /// Refuses a command for another reason.
    fileprivate mutating func refuseCommand(_ command: Identifier, _ reason: Reason) throws {
        let index = try self.index {
            if case .rejected(let rejection) = $0, case .command(command, _) = rejection.subject {
                true
            } else {
                false
            }
        }
        guard case .rejected(var rejection) = self[index].event else { return }
        rejection.reason = reason
        rejection.member = nil
        self[index].event = .rejected(rejection)
    }
}
