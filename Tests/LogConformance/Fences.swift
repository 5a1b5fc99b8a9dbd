import EventLog

extension Check {
    static let fences = [
        Check("a newer writer fences the older: it can't commit, and nothing of it appears") {
            bench in
            let partition = try bench.newPartition()
            let id = bench.newName()
            let older = try bench.log.openWriter(transactionalIDs: [id])
            defer { older.close() }
            try older.write(["before"], to: partition)
            let open = try older.begin(["zombie"], to: partition)

            let newer = try bench.otherHandle().openWriter(transactionalIDs: [id])
            defer { newer.close() }
            try newer.write(["after"], to: partition)
            try open.commit().mustBeFenced()
            try expectEqual(try bench.values(partition), ["before", "after"])
        },
        Check("a fenced writer stays fenced") { bench in
            let partition = try bench.newPartition()
            let id = bench.newName()
            let older = try bench.log.openWriter(transactionalIDs: [id])
            defer { older.close() }
            let newer = try bench.log.openWriter(transactionalIDs: [id])
            defer { newer.close() }
            for _ in 0..<3 {
                try expectError(.fenced) { try older.write(["zombie"], to: partition) }
            }
            try newer.write(["after"], to: partition)
            try expectEqual(try bench.values(partition), ["after"])
        },
        Check("what a writer left open is ended by its successor, and holds nobody back") { bench in
            let partition = try bench.newPartition()
            let id = bench.newName()
            let lost = try bench.otherHandle().openWriter(transactionalIDs: [id])
            defer { lost.close() }
            let open = try lost.begin(["half"], to: partition)
            let successor = try bench.log.openWriter(transactionalIDs: [id])
            defer { successor.close() }
            try bench.append(["next"], to: partition)
            try expectEqual(try bench.values(partition), ["next"])
            open.leaveUndecided()
        },
        Check("a writer with several ids is fenced by a successor that takes all of them") {
            bench in
            let partition = try bench.newPartition()
            let ids = [bench.newName(), bench.newName()]
            let older = try bench.log.openWriter(transactionalIDs: ids)
            defer { older.close() }
            try older.write(["1"], to: partition)
            try older.write(["2"], to: partition)
            let open = try older.begin(["zombie"], to: partition)
            let newer = try bench.otherHandle().openWriter(transactionalIDs: ids)
            defer { newer.close() }
            try newer.write(["3"], to: partition)
            try open.commit().mustBeFenced()
            try expectEqual(try bench.values(partition), ["1", "2", "3"])
        },
        Check("each successor fences all before it, whatever they have open") { bench in
            let partition = try bench.newPartition()
            let id = bench.newName()
            func succeed(_ number: Int) throws {
                let writer = try bench.log.openWriter(transactionalIDs: [id])
                defer { writer.close() }
                try writer.write(["\(number)"], to: partition)
                let open = try writer.begin(["zombie"], to: partition)
                guard number < 5 else { return try open.abort() }
                try succeed(number + 1)
                try open.commit().mustBeFenced()
            }
            try succeed(1)
            try expectEqual(try bench.values(partition), ["1", "2", "3", "4", "5"])
        },
        Check("a fenced writer that goes on appending is stopped at its commit at the latest") {
            bench in
            let partitions = [try bench.newPartition(), try bench.newPartition()]
            let id = bench.newName()
            let older = try bench.log.openWriter(transactionalIDs: [id])
            defer { older.close() }
            var open = try older.begin(["zombie"], to: partitions[0])
            let newer = try bench.otherHandle().openWriter(transactionalIDs: [id])
            defer { newer.close() }
            for partition in partitions {
                try newer.write(["before"], to: partition)
                var records = OutgoingRecords()
                records.add(["late zombie"], to: partition)
                do throws(LogError) {
                    try open.append(records)
                } catch {
                    try expectEqual(error.code, .fenced)
                }
                try newer.write(["after"], to: partition)
            }
            try open.commit().mustBeFenced()
            try expectError(.fenced) { try older.write(["last zombie"], to: partitions[1]) }
            for partition in partitions {
                try expectEqual(try bench.values(partition), ["before", "after"])
            }
        },
        // The commit of an empty one proves nothing: the client of a broker asks nobody about it.
        Check("a fenced writer may commit nothing at all, and is stopped at its next record") {
            bench in
            let partition = try bench.newPartition()
            let id = bench.newName()
            let older = try bench.log.openWriter(transactionalIDs: [id])
            defer { older.close() }
            let open = try older.begin()
            let newer = try bench.otherHandle().openWriter(transactionalIDs: [id])
            defer { newer.close() }
            switch open.commit() {
            case .committed: break
            case .fenced: break
            case .undecided(let again, let error):
                again.leaveUndecided()
                throw error
            case .mustAbort(let again, let error):
                try again.abort()
                throw error
            case .failed(let error): throw error
            }
            try expectError(.fenced) { try older.write(["zombie"], to: partition) }
            try expectEqual(try bench.values(partition), [])
        },
        Check("a fenced writer that aborts harms nobody") { bench in
            let partition = try bench.newPartition()
            let id = bench.newName()
            let older = try bench.log.openWriter(transactionalIDs: [id])
            defer { older.close() }
            let zombie = try older.begin(["zombie"], to: partition)
            let newer = try bench.otherHandle().openWriter(transactionalIDs: [id])
            defer { newer.close() }
            let open = try newer.begin(["kept"], to: partition)
            do throws(LogError) {
                try zombie.abort()
            } catch {
                try expectEqual(error.code, .fenced)
            }
            try open.commit().mustBeCommitted()
            try expectEqual(try bench.values(partition), ["kept"])
        },
        Check("what was left open in several topics is ended in all of them") { bench in
            let topics = [try bench.newTopic(partitions: 3), try bench.newTopic()]
            let partitions = (0..<3).map { TopicPartition(topics[0], $0) }
                + [TopicPartition(topics[1], 0)]
            let id = bench.newName()
            let lost = try bench.otherHandle().openWriter(transactionalIDs: [id])
            defer { lost.close() }
            var open = try lost.begin()
            var half = OutgoingRecords()
            for partition in partitions { half.add(["half"], to: partition) }
            try open.append(half)
            let successor = try bench.log.openWriter(transactionalIDs: [id])
            defer { successor.close() }
            for partition in partitions {
                try bench.append(["beside"], to: partition)
                try successor.write(["next"], to: partition)
                try expectEqual(try bench.values(partition), ["beside", "next"])
            }
            open.leaveUndecided()
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
