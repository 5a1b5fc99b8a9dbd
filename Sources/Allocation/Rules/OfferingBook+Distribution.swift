import Vocabulary

// Interest and principal go to those who hold settled shares (Rules.md, Distribution).

/// What a command distributes: the same kind and id mean the same distribution.
struct Distribution: Equatable, Sendable {
    var identifier: Identifier
    var kind: DistributionKind
    /// Of all holders together.
    var total: MinorUnits

    func isSame(as other: Distribution) -> Bool {
        identifier == other.identifier && kind == other.kind
    }
}

/// A distribution that was decided, and the decision with its first part.
struct DistributionDone: Equatable, Sendable {
    var distribution: Distribution
    var sequence: DecisionNumber
    /// What its parts come to that are recorded.
    var recorded: MinorUnits = 0
}

/// A distribution whose group is not complete.
struct PendingDistribution: Equatable, Sendable {
    var command: Identifier
    var distribution: Distribution
    /// What each holder gets, in order of first settlement.
    var parts: [HolderPart]
    var next = 0
}

struct HolderPart: Equatable, Sendable {
    var account: AccountIndex
    var amount: MinorUnits
}

extension OfferingBook {
    mutating func decideDistribution(
        _ command: OfferingCommand, _ distribution: Distribution, into group: inout DecisionGroup
    ) {
        if let known = distributions.first(where: { $0.distribution.isSame(as: distribution) }) {
            guard known.distribution == distribution else {
                return reject(spending: command, .conflictingDuplicate, into: &group)
            }
            return answerRepeat(of: command, known.sequence, into: &group)
        }
        guard state == .filled || state == .closedShort, counters.settled > 0 else {
            return reject(spending: command, .wrongState, into: &group)
        }
        let allowed = terms.distributions.map {
            distribution.kind == .interest ? $0.interest : $0.principal
        }
        guard allowed?.contains(distribution.identifier) ?? false else {
            return reject(spending: command, .badTerms, member: .distribution, into: &group)
        }
        guard distribution.total > 0, isWithinPrincipal(distribution) else {
            return reject(spending: command, .badTerms, member: .amount, into: &group)
        }
        pending = PendingDistribution(
            command: command.command, distribution: distribution,
            parts: parts(of: distribution.total))
    }

    /// Whether holders have parts of the last distribution that are not recorded.
    var isDistributing: Bool {
        distributions.last.map { $0.recorded < $0.distribution.total } ?? false
    }

    /// Principal comes to what was paid for the shares, at most.
    private func isWithinPrincipal(_ distribution: Distribution) -> Bool {
        guard distribution.kind == .principal else { return true }
        let before = distributions.filter { $0.distribution.kind == .principal }
            .reduce(MinorUnits(0)) { $0 + $1.distribution.total }
        return distribution.total <= bidTerms.cost(of: counters.settled) - before
    }

    /// What each holder gets of `total`, in proportion to settled shares: rounded down, and of
    /// what is left a unit each to the largest remainders, among equals to who settled first. The
    /// parts sum to the total; who gets nothing is left out.
    private func parts(of total: MinorUnits) -> [HolderPart] {
        let settled = Int128(counters.settled.rawValue)
        var parts: [HolderPart] = []
        var remainders: [(remainder: Int128, index: Int)] = []
        var left = total
        for account in accounts.inOrderOfSettlement where accounts.settled(account) > 0 {
            let share = Int128(total.rawValue) * Int128(accounts.settled(account).rawValue)
            let amount = MinorUnits(rawValue: Int64(share / settled))
            remainders.append((share % settled, parts.count))
            parts.append(HolderPart(account: account, amount: amount))
            left -= amount
        }
        remainders.sort { ($1.remainder, $0.index) < ($0.remainder, $1.index) }
        for (_, index) in remainders.prefix(Int(left.rawValue)) { parts[index].amount += 1 }
        return parts.filter { $0.amount > 0 }
    }

    /// The next holder's part.
    mutating func recordDistribution(into group: inout DecisionGroup) {
        guard let pending else { preconditionFailure("no distribution is under way") }
        let part = pending.parts[pending.next]
        let distributed = Distributed(
            command: pending.command, distribution: pending.distribution.identifier,
            kind: pending.distribution.kind, total: pending.distribution.total,
            account: accounts.identifier(of: part.account), amount: part.amount)
        let id = distribute(distributed, sequence: group.nextSequence)
        record(.money(.distributed(distributed)), into: &group)
        recordPayout(id, into: &group)
        self.pending!.next += 1
        if self.pending!.next == pending.parts.count { self.pending = nil }
    }
}
