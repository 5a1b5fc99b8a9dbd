import Vocabulary

extension Environment.Purpose {
    static let table = WordTable<Environment.Purpose>()
}

extension RecordDecoder {
    /// Reads the record of `environment`.
    package mutating func decodeEnvironment(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> Environment {
        try read(value, largest: RecordLimits.ownValue)
        try members.checkListed([
            .env, .cluster, .partitions, .purpose, .clockGrace, .archiveAfter, .writers,
            .commandGrace, .edition,
        ])
        let edition = try members.optionalInteger(.edition) ?? 0
        return Environment(
            name: try members.text(.env, largest: RecordLimits.environmentText),
            cluster: try members.text(.cluster, largest: RecordLimits.environmentText),
            partitions: try members.integer(.partitions),
            purpose: try members.choice(.purpose, among: Environment.Purpose.table),
            clockGraceMilliseconds: try members.integer(.clockGrace),
            archiveAfterMilliseconds: try members.integer(.archiveAfter),
            writers: try members.integer(.writers),
            commandGraceMilliseconds: try members.optionalInteger(.commandGrace), edition: edition)
    }
}

extension RecordEncoder {
    /// Writes the record of `environment`. Name and cluster have at most 255 bytes.
    package static func encode(
        _ environment: Environment, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(
            environment.name.utf8.count <= RecordLimits.environmentText
                && environment.cluster.utf8.count <= RecordLimits.environmentText,
            "the name of an environment or a cluster is too long")
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.literal("{\"env\":")
        writer.text(environment.name)
        writer.literal(",\"cluster\":")
        writer.text(environment.cluster)
        writer.member(",\"partitions\":", environment.partitions)
        writer.member(",\"purpose\":\"", word: environment.purpose.rawValue)
        writer.member(",\"clockGrace\":", environment.clockGraceMilliseconds)
        writer.member(",\"archiveAfter\":", environment.archiveAfterMilliseconds)
        writer.member(",\"writers\":", environment.writers)
        // A record of an earlier build is written on as it was: it had neither.
        if environment.edition > 0 {
            writer.member(",\"commandGrace\":", environment.commandGraceMilliseconds)
            writer.member(",\"edition\":", environment.edition)
        }
        return writer.end()
    }
}
