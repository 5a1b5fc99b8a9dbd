import Allocation
import CommandLine
import FairfillClient
import Messages
import Vocabulary

/// `fairfill offering show`: what it prints.
struct OfferingView {
    let overview: OfferingOverview
    let terms: OfferingTerms
    let holders: [Holder]
    let waiting: [WaitingPart]
    let most: Int

    func show(json: Bool) throws(Failure) {
        let output = Output()
        if json { try output.line(self.json) } else { try show(output) }
        try output.flush()
    }

    private func show(_ output: Output) throws(Failure) {
        let counters = overview.counters
        try output.text(
            output.coloured("\(overview.offering)", .bold) + "  \(overview.state.rawValue)  "
                + (overview.isPaused ? output.coloured("paused", .yellow) + "  " : "")
                + ProgressText.bar(counters, of: overview.shares, output))
        try output.text(
            "  \(words(overview.shares)) at \(terms.price.words(in: terms.currency))")
        try output.text(
            "  free \(counters.free.rawValue.grouped), reserved "
                + "\(counters.reserved.rawValue.grouped), settled "
                + "\(counters.settled.rawValue.grouped)")
        try output.text(
            "  it stands with \(words(minimum)) settled at its close (minimumShares)"
                + (terms.backstop.map { "; backstop \($0.account) takes up to \($0.maxShares)" }
                    ?? ""))
        if !otherTerms.isEmpty {
            try output.text("  terms: " + otherTerms.joined(separator: ", "))
        }
        try output.text(
            "  \(Words.count(overview.bids, "bid")) taken from "
                + "\(Words.count(overview.accounts, "account")); served \(overview.served) of "
                + "\(words(overview.queued)) queued")
        try output.text(
            "  waitlist: \(words(overview.waiting)) in \(Words.count(waiting.count, "bid"))")
        for part in waiting.prefix(most) {
            try output.text("    \(part.bid) of \(part.account): \(part.shares)")
        }
        try more(waiting.count, output)
        try output.text("  holders: \(holders.count)")
        for holder in holders.prefix(most) {
            let standing = holder.standing
            try output.text(
                "    \(holder.account): reserved \(standing.reserved), settled "
                    + "\(standing.settled), waiting \(standing.waiting)")
        }
        try more(holders.count, output)
    }

    private func words(_ shares: Shares) -> String {
        Words.count(shares.rawValue, "share")
    }

    private var minimum: Shares { terms.minimumShares ?? terms.shares }

    /// The terms that the lines above say in words.
    private static let saidInWords: Set<Member> = [
        .shares, .price, .currency, .minimumShares, .backstop,
    ]

    /// The other terms, by the catalogue: those that are not as without a word in the opening.
    private var otherTerms: [String] {
        let usual = OfferingTerms(
            shares: terms.shares, price: terms.price, currency: terms.currency
        ).filledIn
        let given = terms.filledIn
        return Term.all.compactMap { term in
            guard !Self.saidInWords.contains(term.member), let value = given[term],
                value != usual[term]
            else { return nil }
            return "\(term.member.rawValue) \(Self.text(value, of: term.kind))"
        }
    }

    private static func text(_ value: TermValue, of kind: Term.Kind) -> String {
        switch value {
        case .integer(let number):
            if case .moment = kind { return MomentText.local(Timestamp(number)) }
            return number.grouped
        case .currency(let code): return "\(code)"
        case .word(let rule): return "\(rule.name)"
        case .account(let account): return "\(account)"
        case .backstop(let backstop): return "\(backstop.account) up to \(backstop.maxShares)"
        case .distributions(let allowed):
            let lists = [("interest", allowed.interest), ("principal", allowed.principal)]
            return lists.filter { !$0.1.isEmpty }
                .map { name, ids in "\(name) \(ids.map { "\($0)" }.joined(separator: " "))" }
                .joined(separator: " and ")
        }
    }

    private func more(_ count: Int, _ output: Output) throws(Failure) {
        if count > most { try output.line("    ... and \(count - most) more (--all)") }
    }

    private var json: String {
        var line = JSONLine()
        line.add("offering", "\(overview.offering)")
        line.add("state", overview.state.rawValue)
        line.add("paused", overview.isPaused)
        line.add("shares", overview.shares.rawValue)
        line.add("price", terms.price.rawValue)
        line.add("currency", "\(terms.currency)")
        line.add("minimumShares", minimum.rawValue)
        line.add("terms", json: terms.filledIn.json)
        line.add("free", overview.counters.free.rawValue)
        line.add("reserved", overview.counters.reserved.rawValue)
        line.add("settled", overview.counters.settled.rawValue)
        line.add("waiting", overview.waiting.rawValue)
        line.add("queued", overview.queued.rawValue)
        line.add("served", overview.served.rawValue)
        line.add("bids", overview.bids)
        line.add("accounts", overview.accounts)
        line.add(
            "waitlist",
            list(waiting.prefix(most)) { (part, line) in
                line.add("bid", "\(part.bid)")
                line.add("account", "\(part.account)")
                line.add("shares", part.shares.rawValue)
            })
        line.add(
            "holders",
            list(holders.prefix(most)) { (holder, line) in
                line.add("account", "\(holder.account)")
                line.add("reserved", holder.standing.reserved.rawValue)
                line.add("settled", holder.standing.settled.rawValue)
                line.add("waiting", holder.standing.waiting.rawValue)
            })
        return line.line
    }

    private func list<Element>(
        _ elements: some Sequence<Element>, _ add: (Element, inout JSONLine) -> Void
    ) -> [JSONLine] {
        elements.map { element in
            var line = JSONLine()
            add(element, &line)
            return line
        }
    }
}
