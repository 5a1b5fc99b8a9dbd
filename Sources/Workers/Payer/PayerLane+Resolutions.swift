import EventLog
import Messages
import Payments
import Vocabulary

/// What people, brakes and statements say reaches a live payer (Payments.md, What only people
/// settle).
extension PayerLane {
    mutating func takeResolutions(upTo position: LogOffset, now: Timestamp) {
        for index in 0..<resolutionBuffer.count { takeResolution(index, now: now) }
        resolutionBuffer.removeAll()
        resolutionPosition = position
    }

    private mutating func takeResolution(_ index: Int, now: Timestamp) {
        let offset = resolutionBuffer.offset(index)
        if let last = resolutionBuffer.unreadable(index) {
            return notices.append(
                .unpackable(configuration.resolutions, from: offset, through: last))
        }
        let record: PaymentResolution
        do throws(Malformation) {
            record = try decoder.decodeResolution(resolutionBuffer.value(index))
        } catch {
            return notices.append(.unreadableResolution(offset, error))
        }
        let environment = configuration.environment.name.utf8
        guard resolutionBuffer.headers(index).allow(environment: environment),
            record.partition == configuration.partition
        else { return notices.append(.foreignResolution(offset)) }
        let configuration = configuration
        let step = book.hear(
            record, from: Offset(rawValue: offset.rawValue), now: now, draft: configuration.draft)
        write(step, now: now)
    }
}
