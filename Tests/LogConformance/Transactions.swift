import EventLog

extension Check {
    package static let transactions = [
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
        Check("a transaction may be aborted as soon as it is begun, again and again") { bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            for number in 0..<20 {
                try writer.write(["\(number)"], to: place)
                // The log may still be busy with the commit.
                try writer.begin(["never"], to: place).abort()
                try writer.begin(["nor this"], to: place).abort()
            }
            try expectEqual(try bench.values(place), (0..<20).map { "\($0)" })
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
        Check("an aborted transaction over several topics is seen in none of them") { bench in
            let places = [
                try bench.newPartition(), TopicPartition(try bench.newTopic(partitions: 2), 1),
            ]
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            for isKept in [false, true, false] {
                var transaction = try writer.begin()
                for number in 0..<3 {
                    var records = OutgoingRecords()
                    for place in places { records.add(["\(isKept) \(number)"], to: place) }
                    try transaction.append(records)
                }
                if isKept {
                    try transaction.commit().mustBeCommitted()
                } else {
                    try transaction.abort()
                }
            }
            for place in places {
                try expectEqual(try bench.values(place), ["true 0", "true 1", "true 2"])
            }
        },
        Check("a reader that follows sees what is committed, in order, and nothing else") {
            bench in
            let place = try bench.newPartition()
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            let reader = try bench.log.openReader([ReadStart(place, from: 0)])
            defer { reader.close() }
            var next: LogOffset = 0
            for number in 0..<30 {
                let values = (0...number).map { "\(number) \($0)" }
                let transaction = try writer.begin(values, to: place)
                let open = try bench.read(reader, upTo: try bench.bounds(place, .committed).end)
                try expectEqual(open.map(\.text), [])
                let isKept = number % 3 != 1
                if isKept {
                    try transaction.commit().mustBeCommitted()
                } else {
                    try transaction.abort()
                }
                let seen = try bench.read(reader, upTo: try bench.bounds(place).end)
                try expectEqual(seen.map(\.text), isKept ? values : [])
                for record in seen {
                    try expect(record.offset >= next, "\(record.offset) after \(next)")
                    next = record.offset.next
                }
            }
        },
    ]
}
