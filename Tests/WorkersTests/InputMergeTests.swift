import Testing
import Vocabulary

import Workers

/// The merge by itself: what arrives and what is answered goes in, what may be decided comes out.
@Suite struct InputMergeTests {
    private let commands = InputTopic.offeringCommands, results = InputTopic.paymentResults
    private let bids = InputTopic.bids

    /// A merge in which these heads arrived, in this order.
    private func merge(
        _ heads: (input: InputTopic, offset: Int64, time: Int64)...
    ) -> InputMerge {
        var merge = InputMerge()
        for head in heads {
            merge.arrived(head.input, position: head.offset + 1)
            merge.inputs[head.input].head = (head.offset, head.time)
        }
        return merge
    }

    @Test func nothingAtHandIsNothingToDo() {
        #expect(InputMerge().next() == .nothing)
    }

    @Test func aRecordMayNotPassAnInputThatWasNotAskedAbout() {
        #expect(merge((bids, 0, 5)).next() == .ask)
    }

    @Test func anEndAskedForBeforeTheRecordArrivedDoesNotCount() {
        var merge = InputMerge()
        merge.answered([0, 0, 0])
        merge.arrived(bids, position: 1)
        merge.inputs[bids].head = (0, 5)
        #expect(merge.next() == .ask)
        merge.answered([0, 0, 1])
        #expect(merge.next() == .take(bids))
    }

    @Test func anInputThatHasMoreIsReadUpToItsEndFirst() {
        var merge = merge((bids, 0, 5))
        merge.answered([3, 0, 1])
        #expect(merge.next() == .read(commands))
        // It was passed by markers only: nothing is at hand, but the position is there.
        merge.inputs[commands].position = 3
        #expect(merge.next() == .take(bids))
    }

    @Test func theSmallestAppendTimeGoesFirstAndTiesGoByTopic() {
        for (times, first) in [
            ([5, 6, 7], commands), ([7, 5, 6], results), ([7, 6, 5], bids),
            ([5, 5, 5], commands), ([6, 5, 5], results), ([5, 6, 5], commands),
        ] as [([Int64], InputTopic)] {
            let merge = merge((bids, 9, times[2]), (results, 9, times[1]), (commands, 9, times[0]))
            #expect(merge.next() == .take(first), "\(times)")
        }
    }

    @Test func aCommandReadAfterTheQuestionGoesBeforeAYoungerBid() {
        var merge = merge((bids, 0, 5))
        merge.answered([1, 0, 1])
        #expect(merge.next() == .read(commands))
        merge.arrived(commands, position: 1)
        merge.inputs[commands].head = (0, 4)
        // Nothing is known about payment results that arrived later than the command.
        #expect(merge.next() == .ask)
        merge.answered([1, 0, 1])
        #expect(merge.next() == .take(commands))
    }

    @Test func aBrokerWhoseClockRunsAheadDoesNotStarveItsRecords() {
        var merge = merge((commands, 0, 1_000_000))
        merge.answered([1, 0, 2])
        // Bids stamped earlier keep coming; those that were there when the command came go first.
        for offset in Int64(0)..<2 {
            merge.arrived(bids, position: offset + 1)
            merge.inputs[bids].head = (offset, 5 + offset)
            merge.answered([1, 0, offset + 2])
            #expect(merge.next() == .take(bids), "bid \(offset) came before the command")
        }
        merge.arrived(bids, position: 3)
        merge.inputs[bids].head = (2, 7)
        merge.answered([1, 0, 3])
        #expect(merge.next() == .take(commands))
    }

    @Test func commandsPutFirstGoWhateverTheirStamps() {
        var merge = merge((bids, 0, 5), (commands, 7, 900))
        merge.answered([8, 0, 1])
        #expect(merge.next() == .take(bids))
        merge.putCommandsFirst(below: 8)
        #expect(merge.next() == .take(commands))
        merge.inputs[commands].head = (8, 901)
        #expect(merge.next() == .take(bids))
    }

    @Test func commandsAreMissingUntilAskedForAndReadAfterTheBidCame() {
        var merge = merge((bids, 0, 5))
        #expect(merge.missingCommands() == .ask)
        merge.answered([2, 0, 1])
        #expect(merge.missingCommands() == .read(commands))
        merge.inputs[commands].position = 2
        #expect(merge.missingCommands() == nil)
        merge.arrived(bids, position: 2)
        #expect(merge.missingCommands() == .ask)
    }
}
