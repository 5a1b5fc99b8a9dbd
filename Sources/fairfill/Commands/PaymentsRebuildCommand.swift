import CommandLine
import EventLog
import FairfillClient
import Foundation
import Messages
import Payments
import Vocabulary
import Workers

extension Command {
    static let paymentsRebuild = Command(
        words: ["payments", "rebuild"],
        summary: "let two people agree to go on after a payment journal lost entries",
        description: """
            A payer ends with 70 if its journal ends before its mark in payment-marks, if the
            journal is empty although payment-results holds its answers, or if payment-commands
            holds other commands than those that it took up: nobody can tell what was sent. Look for
            a backup of the topic first; restoring it is better.

            Without one, two people may agree that the payer goes on. One proposes, and the other
            approves; payment-resolutions records both, and they agree on exactly this damage. The
            next payer then counts every payment that may be lost as sent once. Its last answer in
            payment-results counts; without one it is parked as journalLost, asked about at the
            provider, and never sent again. Names are claims: anyone who may write
            payment-resolutions is trusted with them.
            """,
        options: [
            Option("partition", "P", "the partition of the journal (required)"),
            Option("actor", "NAME", "who you are (required)"),
            Option("approve", nil, "approve what another person proposed"),
        ],
        examples: [
            "fairfill payments rebuild --partition 0 --actor anna",
            "fairfill payments rebuild --partition 0 --approve --actor ben",
        ]
    ) { arguments throws(Failure) in try JournalRebuild(arguments).run() }
}

/// `payments rebuild`: writes what one person says into payment-resolutions.
private struct JournalRebuild {
    private let arguments: Arguments
    private let place: LogConnection
    private let partition: Partition
    private let actor: Identifier

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        _ = try arguments.required("partition")
        partition = Partition(rawValue: try arguments.integer("partition")!)
        actor = try arguments.requiredIdentifier("actor")
        place = try arguments.connect()
        guard (0..<place.environment.partitions).contains(partition.rawValue) else {
            throw Failure(
                .usage,
                "--partition \(partition): '\(place.name)' has the partitions 0 to "
                    + "\(place.environment.partitions - 1)")
        }
    }

    func run() throws(Failure) -> ExitCode {
        let damage = try damage()
        guard !damage.isNone else {
            throw Failure(
                .no,
                "the journal of partition \(partition) is whole: it ends with entry "
                    + "\(damage.last), as its mark says; there is nothing to rebuild")
        }
        let agreement = try agreement(on: damage)
        if let approved = agreement.approved {
            return try tell(
                damage, approved.approvedBy, "approved",
                "\(approved.proposedBy) proposed it and \(approved.approvedBy) approved: start the "
                    + "payer")
        }
        guard arguments.has("approve") else {
            if !agreement.proposers.contains(actor) { try write(.proposed, damage) }
            return try tell(
                damage, actor, "proposed",
                "another person has to approve: fairfill payments rebuild --partition \(partition) "
                    + "--approve --actor NAME")
        }
        guard let proposer = agreement.proposers.last else {
            throw Failure(
                .no,
                "nobody has proposed to rebuild partition \(partition) as it is now "
                    + "(\(damage.words)): fairfill payments rebuild --partition \(partition) "
                    + "--actor NAME")
        }
        guard agreement.proposers.contains(where: { $0 != actor }) else {
            throw Failure(
                .usage,
                "--actor \(actor): \(proposer) proposed it, so another person has to approve")
        }
        try write(.approved, damage)
        return try tell(
            damage, actor, "approved",
            "start the payer: what may be lost counts as sent once; its last answer counts, or the "
                + "provider is asked")
    }

    /// A payer at work moves journal and mark together, which need not be seen together.
    private func damage() throws(Failure) -> JournalDamage {
        var left = 5
        while true {
            let marks = place.partition(.paymentMarks, partition)
            let mark = try logged { () throws(LogError) in
                try JournalMarks.last(in: marks, of: place.log, .committed) ?? 0
            }
            let journal = try JournalReading(place, partition, quiet: arguments.isQuiet)
            let damage = try journal.damage(place, mark: mark)
            left -= 1
            if damage.isNone || left == 0 { return damage }
            usleep(200_000)
        }
    }

    private func agreement(on damage: JournalDamage) throws(Failure) -> RebuildAgreement {
        let resolutions = place.partition(.paymentResolutions, partition)
        let bounds = try logged { () throws(LogError) in
            try place.log.bounds(of: [resolutions], .committed)[0]
        }
        var agreement = RebuildAgreement(damage)
        var decoder = RecordDecoder()
        var follow = try Follow(place.log, [ReadStart(resolutions, from: bounds.start)])
        let isWhole = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            guard case .rebuild(let record)? = try? decoder.decodeResolution(batch.value(index))
            else { return }
            agreement.hear(record, at: Offset(rawValue: batch.offset(index).rawValue))
        }
        guard isWhole else { throw Failure(.tryAgain, "interrupted; nothing was written") }
        return agreement
    }

    private func write(
        _ kind: RebuildResolution.Kind, _ damage: JournalDamage
    ) throws(Failure) {
        let record = RebuildResolution(kind: kind, damage: damage, actor: actor, at: .now)
        var records = OutgoingRecords()
        let destination = records.destination(place.partition(.paymentResolutions, partition))
        var key = "\(partition)"
        let headers = place.headers
        key.withUTF8 { key in
            headers.withUnsafeBytes { headers in
                records.append(
                    to: destination, key: UnsafeRawBufferPointer(key), headers: headers,
                    largestValue: RecordEncoder.largestResolution
                ) { RecordEncoder.encode(.rebuild(record), into: $0) }
            }
        }
        _ = try Appending.append(records, to: place.log)
    }

    private func tell(
        _ damage: JournalDamage, _ actor: Identifier, _ state: String, _ sentence: String
    ) throws(Failure) -> ExitCode {
        let output = Output()
        if arguments.isJSON {
            var line = JSONLine()
            line.add("partition", partition.rawValue)
            line.add("state", state)
            line.add("last", damage.last)
            line.add("mark", damage.mark)
            line.add("isRestarted", damage.isRestarted)
            line.add("actor", "\(actor)")
            try output.line(line.line)
        } else {
            try output.text("partition \(partition): \(damage.words); \(sentence)")
        }
        try output.flush()
        return .done
    }
}

extension JournalDamage {
    /// What is wrong, for people.
    fileprivate var words: String {
        if isEmptied { return "the journal and its marks are gone, and answers of it are there" }
        var words = "the journal ends with entry \(last)"
        if last < mark { words += ", and entry \(mark) was written" }
        if last > mark { words += ", and its mark says \(mark)" }
        if isRestarted { words += "; payment-commands are not those that it took up" }
        return words
    }
}
