import Testing

import Payments
import Vocabulary

/// A journal that lost its tail, at every place: what was lost counts as sent once, ends up known,
/// and no payer sends it.
@Suite struct RebuildTests {
    private static let ids = (1...6).map { payment(Identifier(parsing: "b-\($0)")!) }

    private static func order(_ index: Int) -> PaymentCommand {
        command(ids[index], account: Identifier(parsing: "a-\(index / 2)")!)
    }

    /// Six commands of three accounts: some paid, one declined, one in doubt, some waiting.
    private static func scene() -> Scene {
        var scene = Scene()
        for index in 0..<4 { scene.take(order(index)) }
        scene.begin(1)
        scene.hear(answered(201, record(ids[0])), to: ids[0])
        scene.begin(2)
        scene.hear(.failed(.timedOut), to: ids[1])
        scene.hear(answered(402), to: ids[2])
        scene.hear(.found(record(ids[2], .failed)), of: ids[2])
        for index in 4..<6 { scene.take(order(index)) }
        scene.begin(1)
        return scene
    }

    private static let orders = ids.indices.map { index in
        LostOrders.Order(
            .payment(order(index)),
            from: CommandSource(
                partition: 0, offset: Offset(index + 1), at: 1_000_000))
    }

    /// Whether the whole journal has a leave to send for a command, and its last answer.
    private static func wasSent(_ id: PaymentID, _ scene: Scene) -> Bool {
        scene.journal.contains { record in
            if case .sending(let entry) = record { entry.command == id } else { false }
        }
    }

    private static func lost(_ scene: Scene, behind offset: Offset?) -> LostOrders {
        var lost = LostOrders(orders: orders.filter { $0.source.offset > offset ?? 0 })
        for answer in scene.answers {
            lost.answers[answer.result.payment!] = LostOrders.Answer(
                answer.result.kind, number: answer.result.result, reference: answer.reference)
        }
        return lost
    }

    private static func rebuild(_ last: Int, _ mark: Int) -> ApprovedRebuild {
        ApprovedRebuild(
            damage: JournalDamage(
                partition: 0, last: Int64(last), mark: Int64(mark), isRestarted: false),
            proposedBy: "anna", approvedBy: "ben", resolution: 1)
    }

    @Test func whateverWasLostIsNeverSentAgain() throws {
        let whole = Self.scene()
        var parked = 0
        for cut in 0..<whole.journal.count {
            var next = Scene()
            next.restart(next.book.channels, after: Array(whole.journal.prefix(cut))) { scene in
                let lost = Self.lost(whole, behind: scene.book.lastOffset)
                let step = scene.book.rebuild(
                    Self.rebuild(cut, whole.journal.count), lost, now: scene.now
                ) { draft($0, over: $1) }
                scene.commit(step)
            }
            let comment: Comment = "cut after \(cut)"
            // What comes now was not lost, or is known.
            for index in Self.ids.indices { next.take(Self.order(index)) }
            var sent: [PaymentID] = []
            for _ in 0..<40 {
                for case .send(let id, _, _, _, _) in next.begin().actions { sent.append(id) }
                for id in Self.ids {
                    if case .sending? = next.state(id) {
                        next.hear(answered(201, record(id)), to: id)
                    } else if next.state(id)?.doubt != nil {
                        // The provider tells the truth about the whole story.
                        let paid = id == Self.ids[0] || id == Self.ids[1]
                            || id == Self.ids[4] && Self.wasSent(id, whole)
                        next.now += Timestamp(200 * second)
                        next.hear(
                            paid ? .found(record(id))
                                : id == Self.ids[2] ? .found(record(id, .failed))
                                : .notFound(isComplete: true), of: id)
                    }
                }
            }
            for id in sent {
                #expect(!Self.wasSent(id, whole), "\(id) was sent again, \(comment)")
            }
            for id in Self.ids[0...2] {
                let state = next.state(id)
                #expect(
                    state == (id == Self.ids[2] ? .declined : .paid),
                    "\(id): \(state as Any), \(comment)")
            }
            parked += next.attention.count { $0 == .parked(.journalLost) }
            #expect(next.isReplayed, comment)
            for id in Self.ids {
                let before = whole.answers.filter { $0.result.payment == id }.map(\.result.result)
                let after = next.answers.filter { $0.result.payment == id }.map(\.result.result)
                // A later answer has a larger number than all that were given.
                let last = before.max() ?? 0
                #expect(after.allSatisfy { $0 > last }, "\(id): \(before) \(after), \(comment)")
            }
        }
        #expect(parked > 0)
    }

    /// Three lost entries can't have sent a thousand commands.
    @Test func whatCannotHaveBeenSentTakesItsTurn() {
        var scene = Scene()
        for number in 0..<100 {
            scene.take(
                command(
                    payment(Identifier(parsing: "c-\(number)")!),
                    account: Identifier(parsing: "a-\(number)")!))
        }
        let count = scene.journal.count
        let journal = scene.journal
        var next = Scene()
        next.restart(next.book.channels, after: journal) { scene in
            scene.commit(
                scene.book.rebuild(Self.rebuild(count, count + 3), LostOrders(), now: scene.now) {
                    draft($0, over: $1)
                })
        }
        let lost = next.book.payments.count { $0.state == .parked(.journalLost) }
        #expect(lost == 3)
        #expect(next.begin(1_000).actions.count == 97)
        // Where nobody knows how much is lost, all of it may be.
        var blind = Scene()
        blind.restart(blind.book.channels, after: journal) { scene in
            scene.commit(
                scene.book.rebuild(Self.rebuild(count, 0), LostOrders(), now: scene.now) {
                    draft($0, over: $1)
                })
        }
        #expect(blind.begin(1_000) == PayerStep())
    }

    @Test func answersThatAreNoLongerKeptHadNumbers() {
        var scene = Scene()
        scene.commit(
            scene.book.rebuild(
                Self.rebuild(1, 9),
                LostOrders(orders: Array(Self.orders.prefix(1)), isComplete: false),
                now: scene.now
            ) { draft($0, over: $1) })
        #expect(scene.answers.map(\.result.result) == [1_000_001])
    }

    @Test func lostEntriesNeedARebuild() {
        let whole = Self.scene()
        var book = PaymentBook(profile: generous)
        var found: JournalFault.Kind?
        do {
            for entry in whole.journal { try book.apply(entry) }
            try book.apply(
                .lost(PaymentLost(command: Self.ids[1], class: .inDoubt, answered: 1, at: 1)))
        } catch { found = error.kind }
        #expect(found == .notRebuilding)
    }

    @Test func onePersonAloneDecidesNothing() {
        let damage = JournalDamage(partition: 0, last: 3, mark: 5, isRestarted: false)
        var other = damage
        other.mark = 6
        func agreed(_ records: [(RebuildResolution.Kind, JournalDamage, Identifier)]) -> Bool {
            var agreement = RebuildAgreement(damage)
            for (offset, record) in records.enumerated() {
                agreement.hear(
                    RebuildResolution(kind: record.0, damage: record.1, actor: record.2, at: 1),
                    at: Offset(offset))
            }
            return agreement.approved != nil
        }
        #expect(agreed([(.proposed, damage, "anna"), (.approved, damage, "ben")]))
        #expect(!agreed([(.proposed, damage, "anna"), (.approved, damage, "anna")]))
        #expect(!agreed([(.approved, damage, "ben"), (.proposed, damage, "anna")]))
        #expect(!agreed([(.proposed, damage, "anna"), (.approved, other, "ben")]))
        #expect(!agreed([(.proposed, other, "anna"), (.approved, damage, "ben")]))
    }
}
