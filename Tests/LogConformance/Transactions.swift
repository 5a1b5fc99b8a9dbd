import EventLog

extension Check {
    static let transactions = [
        Check("a transaction over several topics appears whole, at its commit") { bench in
            let topics = [try bench.newTopic(partitions: 2), try bench.newTopic()]
            let places = [
                TopicPartition(topics[0], 0), TopicPartition(topics[0], 1),
                TopicPartition(topics[1], 0),
            ]
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            var transaction = try writer.begin()
            for number in 0..<3 {
                var records = OutgoingRecords()
                for place in places { records.add(["\(number)"], to: place) }
                try transaction.append(records)
            }
            for place in places { try expectEqual(try bench.readNow(place), []) }
            try transaction.commit().mustBeCommitted()
            for place in places { try expectEqual(try bench.values(place), ["0", "1", "2"]) }
        },
        Check("the commit names the append time of its last record") { bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let transaction = try writer.begin(["a", "b"], to: place)
            guard case .committed(let time) = transaction.commit() else {
                throw Broken(description: "not committed")
            }
            try expectEqual(time, try bench.read(place).last?.appendTime)
        },
        Check("an aborted transaction is never seen, and what follows it is") { bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            try writer.write(["before"], to: place)
            let transaction = try writer.begin(["never"], to: place)
            try transaction.abort()
            try writer.write(["after"], to: place)
            try expectEqual(try bench.values(place), ["before", "after"])
        },
        Check("a transaction that is dropped is aborted") { bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            do { _ = try writer.begin(["dropped"], to: place) }
            try writer.write(["kept"], to: place)
            try expectEqual(try bench.values(place), ["kept"])
        },
        Check("an empty transaction commits and leaves nothing") { bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            try writer.begin().commit().mustBeCommitted()
            try writer.write(["next"], to: place)
            try expectEqual(try bench.values(place), ["next"])
        },
        Check("what is appended outside goes on beside an open transaction") { bench in
            let place = try bench.newPartition()
            let beside = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let transaction = try writer.begin(["inside"], to: place)
            try bench.append(["outside"], to: beside)
            try expectEqual(try bench.values(beside), ["outside"])
            try transaction.commit().mustBeCommitted()
            try expectEqual(try bench.values(place), ["inside"])
        },
        Check("many records fit into one transaction, and readers never see a part of it") {
            bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            var transaction = try writer.begin()
            var records = OutgoingRecords()
            records.add((0..<1_000).map { "record \($0)" }, to: place)
            for _ in 0..<20 {
                try transaction.append(records)
                try expectEqual(try bench.readNow(place).count, 0)
            }
            try transaction.commit().mustBeCommitted()
            let seen = try bench.read(place)
            try expectEqual(seen.count, 20_000)
            try expectEqual(seen[19_999].text, "record 999")
        },
        Check("writers under other ids do not disturb each other") { bench in
            let place = try bench.newPartition()
            let first = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            let second = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer {
                first.close()
                second.close()
            }
            let one = try first.begin(["one"], to: place)
            let two = try second.begin(["two"], to: place)
            try two.commit().mustBeCommitted()
            try one.commit().mustBeCommitted()
            try expectEqual(Set(try bench.values(place)), ["one", "two"])
        },
    ]

    static let fencing = [
        Check("a newer writer fences the older: it can't commit, and nothing of it appears") {
            bench in
            let place = try bench.newPartition()
            let id = bench.newName()
            let older = try bench.log.openWriter(transactionalIDs: [id])
            defer { older.close() }
            try older.write(["before"], to: place)
            let open = try older.begin(["zombie"], to: place)

            let newer = try bench.otherHandle().openWriter(transactionalIDs: [id])
            defer { newer.close() }
            try newer.write(["after"], to: place)
            try open.commit().mustBeFenced()
            try expectEqual(try bench.values(place), ["before", "after"])
        },
        Check("a fenced writer stays fenced") { bench in
            let place = try bench.newPartition()
            let id = bench.newName()
            let older = try bench.log.openWriter(transactionalIDs: [id])
            defer { older.close() }
            let newer = try bench.log.openWriter(transactionalIDs: [id])
            defer { newer.close() }
            for _ in 0..<3 {
                try expectError(.fenced) { try older.write(["zombie"], to: place) }
            }
            try newer.write(["after"], to: place)
            try expectEqual(try bench.values(place), ["after"])
        },
        Check("what a writer left open is ended by its successor, and holds nobody back") { bench in
            let place = try bench.newPartition()
            let id = bench.newName()
            let lost = try bench.otherHandle().openWriter(transactionalIDs: [id])
            defer { lost.close() }
            let open = try lost.begin(["half"], to: place)
            let successor = try bench.log.openWriter(transactionalIDs: [id])
            defer { successor.close() }
            try bench.append(["next"], to: place)
            try expectEqual(try bench.values(place), ["next"])
            open.leaveUndecided()
        },
        Check("a writer with several ids is fenced by a successor that takes all of them") {
            bench in
            let place = try bench.newPartition()
            let ids = [bench.newName(), bench.newName()]
            let older = try bench.log.openWriter(transactionalIDs: ids)
            defer { older.close() }
            try older.write(["1"], to: place)
            try older.write(["2"], to: place)
            let open = try older.begin(["zombie"], to: place)
            let newer = try bench.otherHandle().openWriter(transactionalIDs: ids)
            defer { newer.close() }
            try newer.write(["3"], to: place)
            try open.commit().mustBeFenced()
            try expectEqual(try bench.values(place), ["1", "2", "3"])
        },
    ]
}

extension CommitOutcome {
    /// Throws `Broken` where it is anything but fenced.
    consuming func mustBeFenced() throws {
        switch consume self {
        case .fenced: return
        case .committed: throw Broken(description: "a fenced writer committed")
        case .undecided(let transaction, let error):
            transaction.leaveUndecided()
            throw Broken(description: "undecided instead of fenced: \(error)")
        case .mustAbort(let transaction, let error):
            try? transaction.abort()
            throw Broken(description: "must abort instead of fenced: \(error)")
        case .failed(let error): throw Broken(description: "failed instead of fenced: \(error)")
        }
    }
}
