import Testing

import Payments
import Vocabulary

/// The order of things that wait: moments by time, turns by age, against lists that are sorted.
@Suite struct TurnTests {
    /// Moments that are set, set anew and taken, thousands of them.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func momentsComeInTheirOrder(_ seed: UInt64) {
        var random = seed
        func draw(_ bound: UInt64) -> Int64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((random >> 33) % bound)
        }
        let ids = (0..<300).map { payment(Identifier(parsing: "b-\($0)")!) }
        var moments = PaymentMoments()
        var list: [PaymentID: Timestamp] = [:]
        var taken = 0
        var now: Timestamp = 0
        for _ in 0..<6_000 {
            let id = ids[Int(draw(300))]
            let at = now + Milliseconds(draw(1_000))
            moments.set(id, at)
            list[id] = at
            guard draw(4) == 0 else { continue }
            now += Timestamp(draw(400))
            var due: [Timestamp] = []
            while let id = moments.takeDue(now) {
                guard let at = list.removeValue(forKey: id) else {
                    Issue.record("\(id) has no moment")
                    return
                }
                due.append(at)
            }
            taken += due.count
            #expect(due == due.sorted() && due.allSatisfy { $0 <= now })
            #expect(list.values.allSatisfy { $0 > now }, "one was left")
        }
        #expect(taken > 1_000)
    }

    /// More turns than the list keeps of those that have gone; recalls and doubts in between.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func turnsComeInTheOrderInWhichTheyCameUp(_ seed: UInt64) {
        var random = seed
        func draw(_ bound: UInt64) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % bound)
        }
        var book = PaymentBook(profile: generous)
        _ = book.takeOver(epoch: 1, now: 1)
        var model: [PaymentID] = []
        var begun = 0
        var next: Int64 = 0
        for _ in 0..<6_000 {
            switch draw(5) {
            case 0...2:
                let id = payment(Identifier(parsing: "b-\(next)")!)
                _ = book.take(
                    command(id, account: Identifier(parsing: "a-\(next)")!),
                    from: CommandSource(partition: 0, offset: Offset(next), at: 1), now: 1
                ) { draft($0, over: $1) }
                next += 1
                model.append(id)
            case 3:
                let count = draw(4)
                let sent = book.begin(atMost: count, now: 1).actions.compactMap { action in
                    if case .send(let id, _, _, _, _) = action { id } else { nil }
                }
                #expect(sent == Array(model.prefix(count)))
                model.removeFirst(min(count, model.count))
                begun += sent.count
            default:
                guard !model.isEmpty else { continue }
                let id = model.remove(at: draw(UInt64(model.count)))
                _ = book.take(
                    PaymentRecall(
                        command: id, partition: 3, account: book[id]!.account),
                    from: CommandSource(partition: 0, offset: Offset(next), at: 1), now: 1)
                next += 1
            }
        }
        #expect(begun > 1_100)
    }
}
