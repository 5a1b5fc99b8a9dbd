import Foundation
import Testing

import Allocation
import LedgerLanguage
import TestRun
import Vocabulary

/// Long random histories of one offering against the naive book: whatever NaiveBook knows may come
/// at any moment. What differs is told with its seed, and as short as it can be.
@Suite struct RandomModelTests {
    static let runs = Extent.size(quick: 60, all: 60, long: 600)
    static let records = 600

    @Test(arguments: 0..<runs)
    func randomRecords(_ number: Int) throws {
        var run = RandomRun(seed: .random(in: .min ... .max))
        if let difference = try run.tell(Self.records) { Issue.record("\(difference.shrunk())") }
    }

    /// What never comes about is not compared: over fixed seeds everything does that the naive
    /// book knows.
    @Test func everythingComesAbout() throws {
        var types: Set<DecisionType> = []
        var reasons: Set<Reason> = []
        var shades: Set<String> = []
        for seed in 0..<60 {
            var run = RandomRun(seed: UInt64(seed))
            let difference = try run.tell(Self.records) { decision in
                types.insert(decision.event.type)
                switch decision.event {
                case .rejected(let rejection): reasons.insert(rejection.reason)
                case .bid(.settledLate): shades.insert("late money")
                case .money(.payoutInDoubt): shades.insert("refund in doubt")
                case .offering(.cancelling(.shortfall)): shades.insert("shortfall")
                case .bid(.reserved(let placed)) where placed.bid == .backstop:
                    shades.insert("backstop")
                case .money(.payoutDeclined(_, .recalled, _)): shades.insert("recalled")
                case .money(.payoutDeclined(_, _, isProven: true)): shades.insert("proven")
                case .bid(.released(_, .returned)): shades.insert("came back")
                case .repeated(.command(_, _, refused: .some)): shades.insert("refused again")
                case .offering(.certificate(let certificate)):
                    if certificate.returned > 0 { shades.insert("returned") }
                default: break
                }
            }
            if let difference { Issue.record("\(difference.shrunk())") }
        }
        let unknown: Set<DecisionType> = [
            // Time, distributions and the payee are not in the naive book.
            .opened, .scheduled, .amended, .archived, .distributed, .paidOut, .epochStarted,
            .clockCorrected, .paymentsRecommanded,
        ]
        #expect(types == Set(DecisionType.allCases).subtracting(unknown))
        #expect(
            reasons == [
                .conflictingDuplicate, .paused, .filled, .closed, .belowMinimum, .notALot,
                .tooLarge, .tooManyBids, .rateLimited, .overAccountCap, .tooManyAccounts,
                .waitlistFull,
                .unknownBid, .notYourBid, .alreadyOver, .tooLate, .wrongState, .unknownCommand,
                .amountMismatch,
            ])
        #expect(
            shades == [
                "late money", "refund in doubt", "shortfall", "backstop", "proven", "recalled",
                "came back", "refused again", "returned",
            ])
    }

    /// What a failure prints can be told to a ledger: the words are those of the records.
    @Test func differencesAreInTheLedgersWords() throws {
        for seed in UInt64(0)..<20 {
            var run = RandomRun(seed: seed)
            let terms = words(run.terms).split(separator: " ").map(String.init)
            #expect(parseTerms(terms[...]) == run.terms)
            var comparison = try Comparison(run.terms)
            for step in 0..<200 {
                let record = run.next(step, after: comparison.naive)
                #expect(parse(words(record)) == record)
                _ = try comparison.agree(on: record)
            }
        }
    }
}
