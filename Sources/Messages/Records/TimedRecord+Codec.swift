import Vocabulary

/// A line of a file that stands for a topic: what a record says, and when.
package struct TimedRecord: Hashable, Sendable {
    package var record: InputRecord
    package var at: Timestamp

    package init(_ record: InputRecord, at: Timestamp) {
        self.record = record
        self.at = at
    }
}

/// What is wrong with such a line.
package enum TimedFault: Error, Hashable, Sendable {
    /// The record itself.
    case record(Malformation)
    /// `at`: missing, there twice, or neither RFC 3339 nor a whole number from 0 to 2^53 - 1.
    case time(Malformation)
}

extension RecordDecoder {
    /// Reads a line that holds a record of `topic` and, as one more member, `at`: the time at
    /// which the record counts as appended.
    ///
    /// As in the files of `fairfill bid` and `offering open`, `type` may be left out of a bid and
    /// of a command that opens an offering, `defaultCommand` stands for a `command` that is, and a
    /// moment may be RFC 3339.
    package mutating func decodeTimed(
        _ value: UnsafeRawBufferPointer?, from topic: InputTopic, defaultCommand: Identifier? = nil
    ) throws(TimedFault) -> TimedRecord {
        let record: InputRecord
        do throws(Malformation) {
            switch topic {
            case .bids: record = try decodeBids(value, typeMayBeAbsent: true)
            case .offeringCommands:
                record = try decodeOfferingCommand(
                    value, typeMayBeAbsent: true, defaultCommand: defaultCommand, isTimed: true,
                    takesDates: true)
            case .paymentResults, .clock: record = try decode(value, from: topic)
            }
        } catch {
            throw .record(error)
        }
        do throws(Malformation) {
            // No record of an input lists it, so nothing has looked at it yet.
            try members.refuseRepeated([.at])
            members.takesDates = true
            defer { members.takesDates = false }
            return TimedRecord(record, at: try members.moment(.at))
        } catch {
            throw .time(error)
        }
    }
}
