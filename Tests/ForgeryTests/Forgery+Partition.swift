import Vocabulary

// What is told of commands of a whole partition.
extension Forgery {
    static let ofPartition: [Forgery] = [
        Forgery(.wrongRepeat, "a refused command of the partition acts when it comes again") {
            let index = try $0.indexOfRepeat("k3")
            $0[index].event = .partition(.clockCorrected(
                command: "k3", ClockCorrection(first: 9_000, last: 9_000, at: 1)))
        },
        Forgery(.wrongRepeat, "a refused command of the partition is refused once more") {
            let index = try $0.indexOfRepeat("k3")
            let first = try $0.indexOfRefusal(.badTerms)
            $0[index].event = $0[first].event
        },
        Forgery(.wrongRepeat, "it is not said that a command of the partition was refused") {
            let index = try $0.indexOfRepeat("k3")
            guard case .repeated(.command(let id, let of, _)) = $0[index].event else { return }
            $0[index].event = .repeated(.command(id, of: of))
        },
        Forgery(.wrongRepeat, "it is said that a command of the partition was refused that acted") {
            let index = try $0.indexOfRepeat("k2")
            guard case .repeated(.command(let id, let of, _)) = $0[index].event else { return }
            $0[index].event = .repeated(.command(id, of: of, refused: .badTerms))
        },
        Forgery(.wrongRepeat, "the same command of the partition is called another one") {
            let index = try $0.indexOfRepeat("k2")
            $0[index].event = .rejected(
                Rejection(
                    .partitionCommand(PartitionCommand(command: "k2", action: .recommandPayments)),
                    .conflictingDuplicate))
        },
        Forgery(.wrongRepeat, "what a refused command of the partition asked for is not said") {
            let index = try $0.indexOfRefusal(.badTerms)
            $0[index].event = .rejected(Rejection(.command("k3"), .badTerms, member: .to))
        },
        Forgery(.wrongState, "a command of the partition is refused for what was not so") {
            let index = try $0.indexOfRefusal(.badTerms)
            let right = ClockCorrection(first: 9_000, last: 9_000, at: 1)
            $0[index].event = .rejected(
                Rejection(
                    .partitionCommand(
                        PartitionCommand(command: "k3", action: .correctClock(right))),
                    .badTerms, member: .to))
        },
        Forgery(.wrongState, "a refused command of the partition is about an offering") {
            let index = try $0.index {
                if case .rejected(let rejection) = $0 {
                    rejection.subject == .command("z1", .resume)
                } else {
                    false
                }
            }
            let first = try $0.indexOfRefusal(.badTerms)
            $0[index].event = $0[first].event
        },
    ]
}

extension Forged {
    fileprivate func indexOfRepeat(_ command: Identifier) throws -> Int {
        try index { if case .repeated(.command(command, _, _)) = $0 { true } else { false } }
    }

    fileprivate func indexOfRefusal(_ reason: Reason) throws -> Int {
        try index {
            if case .rejected(let rejection) = $0, rejection.reason == reason,
                case .partitionCommand = rejection.subject
            {
                true
            } else {
                false
            }
        }
    }
}
