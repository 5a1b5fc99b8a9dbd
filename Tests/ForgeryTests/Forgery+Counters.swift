import Vocabulary

extension Forgery {
    static let ofSources: [Forgery] = [
        Forgery(.wrongSource, "an input is decided twice") {
            let index = try $0.index(.waitlisted, "b4")
            $0[index].source = $0[try $0.index(.waitlisted, "b3")].source
        },
        Forgery(.wrongSource, "a batch that can't be unpacked moves the book's time") {
            $0.add(.rejected(Rejection(.batch(last: 10_000), .malformed)), of: nil)
        },
        Forgery(.wrongSource, "an input is decided before the one ahead of it") {
            let index = try $0.index(.waitlisted, "b4")
            $0[index].source.offset = 1
        },
        Forgery(.wrongSource, "a group has a gap") {
            $0[try $0.index(.fullyReserved)].n += 1
        },
        Forgery(.wrongSource, "a group has two decisions of one number") {
            $0[try $0.index(.filled)].n -= 1
            $0[try $0.index(.expired)].n -= 1
        },
        Forgery(.wrongSource, "what belongs to a group is of another offset") {
            $0[try $0.index(.fullyReserved)].source.offset += 1
        },
        Forgery(.wrongSource, "what belongs to a group is of another topic") {
            $0[try $0.index(.fullyReserved)].source.topic = .clock
        },
        Forgery(.wrongSource, "what belongs to a group is of another time") {
            $0[try $0.index(.fullyReserved)].source.at += 1
        },
        Forgery(.wrongSource, "a group has no beginning") {
            $0[try $0.index(.rejected, "b6")].n = 1
        },
    ]

    static let ofCounters: [Forgery] = [
        Forgery(.wrongCounters, "a share is free that is reserved") {
            let index = try $0.index(.reserved, "b1")
            $0[index].counters?.free += 1
            $0[index].counters?.reserved -= 1
        },
        Forgery(.wrongCounters, "a share is settled that is reserved") {
            let index = try $0.index(.inDoubt, "b1")
            $0[index].counters?.settled += 1
            $0[index].counters?.reserved -= 1
        },
        Forgery(.wrongCounters, "a refusal moves shares") {
            let index = try $0.reason(.belowMinimum)
            $0[index].counters = Counters(free: 1, reserved: 9, settled: 0)
        },
        Forgery(.wrongCounters, "a repeat moves shares") {
            let index = try $0.index(.repeated, "b6")
            $0[index].counters = Counters(free: 10, reserved: 0, settled: 0)
        },
        Forgery(.wrongCounters, "an offering opens with another number of shares") {
            $0[try $0.index(.opened, of: "loan")].counters?.free = 9
        },
        Forgery(.wrongCounters, "an offering's decision has no counters") {
            $0[try $0.index(.reserved, "b2")].counters = nil
        },
        Forgery(.wrongCounters, "an offering is not known, and it is") {
            $0[try $0.reason(.belowMinimum)].counters = nil
        },
        Forgery(.wrongCounters, "counters of no offering") {
            $0[try $0.reason(.malformed)].counters = Counters(free: 1, reserved: 0, settled: 0)
        },
    ]
}
