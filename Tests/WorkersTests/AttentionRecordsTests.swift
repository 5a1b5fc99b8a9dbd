import EventLog
import MemoryLog
import Messages
import Testing
import Vocabulary
import Workers

/// What `attention` is told of lanes that stand still.
@Suite struct AttentionRecordsTests {
    private let post = LanePost(.payer, 1)

    private func standsStill(_ words: String, tries: Int = 1) -> SeatNotice {
        .standsStill(post, .invariant(words), tries: tries, milliseconds: 2_000)
    }

    /// Once for each reason, and once more where it had gone meanwhile.
    @Test func aReasonIsToldOnceUntilItIsOver() throws {
        var scene = try LaneScene(MemoryLog(), partitions: 2)
        let records = AttentionRecords(scene.log, scene.environment)
        records.hear(standsStill("one"), at: 1)
        records.hear(standsStill("one", tries: 2), at: 2)
        records.hear(standsStill("two"), at: 3)
        records.hear(.atWorkAgain(post, milliseconds: 5, tries: 3), at: 4)
        records.hear(standsStill("two"), at: 5)
        records.hear(.takenOver(post, "epoch 9", milliseconds: nil), at: 6)
        records.hear(standsStill("two"), at: 7)
        // Whoever ends lets it be written.
        records.close(withinMilliseconds: 30_000)
        scene.partition = 1
        let told = try scene.records(.attention)
        #expect(told.map(\.key) == Array(repeating: "payer/1", count: 4))
        for (record, (words, at)) in zip(told, [("one", 1), ("two", 3), ("two", 5), ("two", 7)]) {
            #expect(record.value.contains(words), "\(record.value)")
            #expect(record.value.contains(#""at":\#(at)"#), "\(record.value)")
        }
    }

    /// A partition that the environment doesn't have has no place of its own.
    @Test func aPartitionThatThereIsNotIsToldOfInTheFirst() throws {
        let scene = try LaneScene(MemoryLog(), partitions: 1)
        let records = AttentionRecords(scene.log, scene.environment)
        records.hear(standsStill("beyond"), at: 1)
        records.close(withinMilliseconds: 30_000)
        #expect(try scene.read(.attention).count == 1)
    }
}
