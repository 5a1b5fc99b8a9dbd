import EventLog

extension Check {
    package static let transactions = [
        Check("a transaction over several topics appears whole, at its commit") { bench in
            let topics = [try bench.newTopic(partitions: 2), try bench.newTopic()]
            let partitions = [
                TopicPartition(topics[0], 0), TopicPartition(topics[0], 1),
                TopicPartition(topics[1], 0),
            ]
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            var transaction = try writer.begin()
            for number in 0..<3 {
                var records = OutgoingRecords()
                for partition in partitions { records.add(["\(number)"], to: partition) }
                try transaction.append(records)
            }
            for partition in partitions { try expectEqual(try bench.readNow(partition), []) }
            try transaction.commit().mustBeCommitted()
            for partition in partitions {
                try expectEqual(try bench.values(partition), ["0", "1", "2"])
            }
        },
        Check("the commit names the append time of its last record") { bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let transaction = try writer.begin(["a", "b"], to: partition)
            guard case .committed(let time) = transaction.commit() else {
                throw Broken(description: "not committed")
            }
            try expectEqual(time, try bench.read(partition).last?.appendTime)
        },
        Check("an aborted transaction is never seen, and what follows it is") { bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            try writer.write(["before"], to: partition)
            let transaction = try writer.begin(["never"], to: partition)
            try transaction.abort()
            try writer.write(["after"], to: partition)
            try expectEqual(try bench.values(partition), ["before", "after"])
        },
        Check("a transaction may be aborted as soon as it is begun, again and again") { bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            for number in 0..<20 {
                try writer.write(["\(number)"], to: partition)
                // The log may still be busy with the commit.
                try writer.begin(["never"], to: partition).abort()
                try writer.begin(["nor this"], to: partition).abort()
            }
            try expectEqual(try bench.values(partition), (0..<20).map { "\($0)" })
        },
        Check("a transaction that is dropped is aborted") { bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            do { _ = try writer.begin(["dropped"], to: partition) }
            try writer.write(["kept"], to: partition)
            try expectEqual(try bench.values(partition), ["kept"])
        },
        Check("an empty transaction commits and leaves nothing") { bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            try writer.begin().commit().mustBeCommitted()
            try writer.write(["next"], to: partition)
            try expectEqual(try bench.values(partition), ["next"])
        },
        Check("what is appended outside goes on beside an open transaction") { bench in
            let partition = try bench.newPartition()
            let beside = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let transaction = try writer.begin(["inside"], to: partition)
            try bench.append(["outside"], to: beside)
            try expectEqual(try bench.values(beside), ["outside"])
            try transaction.commit().mustBeCommitted()
            try expectEqual(try bench.values(partition), ["inside"])
        },
        Check("writers under other ids do not disturb each other") { bench in
            let partition = try bench.newPartition()
            let first = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            let second = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer {
                first.close()
                second.close()
            }
            let one = try first.begin(["one"], to: partition)
            let two = try second.begin(["two"], to: partition)
            try two.commit().mustBeCommitted()
            try one.commit().mustBeCommitted()
            try expectEqual(Set(try bench.values(partition)), ["one", "two"])
        },
        Check("an aborted transaction over several topics is seen in none of them") { bench in
            let partitions = [
                try bench.newPartition(), TopicPartition(try bench.newTopic(partitions: 2), 1),
            ]
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            for isKept in [false, true, false] {
                var transaction = try writer.begin()
                for number in 0..<3 {
                    var records = OutgoingRecords()
                    for partition in partitions {
                        records.add(["\(isKept) \(number)"], to: partition)
                    }
                    try transaction.append(records)
                }
                if isKept {
                    try transaction.commit().mustBeCommitted()
                } else {
                    try transaction.abort()
                }
            }
            for partition in partitions {
                try expectEqual(try bench.values(partition), ["true 0", "true 1", "true 2"])
            }
        },
        Check("a reader that follows sees what is committed, in order, and nothing else") {
            bench in
            let partition = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let reader = try bench.log.openReader([ReadStart(partition, from: 0)])
            defer { reader.close() }
            var next: LogOffset = 0
            for number in 0..<30 {
                let values = (0...number).map { "\(number) \($0)" }
                let transaction = try writer.begin(values, to: partition)
                let open = try bench.read(reader, upTo: try bench.bounds(partition, .committed).end)
                try expectEqual(open.map(\.text), [])
                let isKept = number % 3 != 1
                if isKept {
                    try transaction.commit().mustBeCommitted()
                } else {
                    try transaction.abort()
                }
                let seen = try bench.read(reader, upTo: try bench.bounds(partition).end)
                try expectEqual(seen.map(\.text), isKept ? values : [])
                for record in seen {
                    try expect(record.offset >= next, "\(record.offset) after \(next)")
                    next = record.offset.next
                }
            }
        },
    ]
}
