/// The 58 faults that a payer must survive, and the test that shows each.
enum CaseList {
    /// A test of another suite: its file below `Tests`, and its function.
    struct Elsewhere {
        var file: String
        var test: String

        init(_ file: String, _ test: String) { (self.file, self.test) = (file, test) }
    }

    struct Case {
        var number: Int
        var fault: String
        var elsewhere: [Elsewhere] = []
        /// What of it no test shows; nil: nothing.
        var open: String?
    }

    private static func test(_ file: String, _ test: String) -> Elsewhere {
        Elsewhere(file, test)
    }

    /// Of those without a test elsewhere, and without a word on what is open, this suite has one.
    static let all: [Case] = [
        Case(number: 1, fault: "time-out after success"),
        Case(number: 2, fault: "time-out, never executed"),
        Case(number: 3, fault: "500 after success, stored"),
        Case(number: 4, fault: "500 before execution"),
        Case(
            number: 5, fault: "refused connection, DNS, TLS",
            open: "no alarm by name, and no circuit breaker that brakes new sends"),
        Case(number: 6, fault: "reset after the request"),
        Case(number: 7, fault: "half a body, invalid JSON"),
        Case(number: 8, fault: "200 with another amount or key"),
        Case(number: 9, fault: "409 in progress"),
        Case(number: 10, fault: "422 key reused"),
        Case(number: 11, fault: "429 with Retry-After: 7"),
        Case(number: 12, fault: "429 on a repeat"),
        Case(number: 13, fault: "Retry-After in every form"),
        Case(
            number: 14, fault: "401 for an hour",
            open: "the channel is not paused by itself, and no alarm names it"),
        Case(number: 15, fault: "302 to another host"),
        Case(number: 16, fault: "402 final decline"),
        Case(number: 17, fault: "provider down after sending, channel 2 healthy"),
        Case(number: 18, fault: "the story: a channel that lies"),
        Case(number: 19, fault: "job run twice"),
        Case(number: 20, fault: "two ids, one obligation"),
        Case(number: 21, fault: "same id, other amount"),
        Case(number: 22, fault: "delivered three times"),
        Case(
            number: 23, fault: "kill -9 before INTENT",
            elsewhere: [
                test("PaymentsTests/CrashTests", "beforeTheIntentTheCommandComesAgain"),
                test("WorkersTests/PayerLaneTests", "itMayCrashAtEveryStep"),
            ]),
        Case(
            number: 24, fault: "kill -9 between INTENT and SENDING",
            elsewhere: [
                test("PaymentsTests/CrashTests", "afterTheIntentItIsSentOnceHoweverOftenItComes"),
                test("WorkersTests/PayerLaneTests", "itMayCrashAtEveryStep"),
            ]),
        Case(
            number: 25, fault: "kill -9 between SENDING and the first byte",
            elsewhere: [
                test("PaymentsTests/CrashTests", "afterTheLeaveToSendItAsksFirst"),
                test("WorkersTests/PayerLaneTests", "itMayCrashAtEveryStep"),
            ]),
        Case(
            number: 26, fault: "kill -9 after success, before OUTCOME",
            elsewhere: [
                test("PaymentsTests/CrashTests", "whatWasPaidIsFoundAndNotSentAgain"),
                test("CommandTests/MoneyTests", "twentyKillsUnderLiveTrafficMoveEachCommandOnce"),
            ]),
        Case(
            number: 27, fault: "kill -9 after OUTCOME, before the result",
            elsewhere: [
                test("PaymentsTests/CrashTests", "afterTheOutcomeNothingIsLeftToDo"),
                test("WorkersTests/PayerLaneTests", "anyCommitMayFail"),
            ]),
        Case(
            number: 28, fault: "kill -9 after the result",
            elsewhere: [test("WorkersTests/PayerLaneTests", "itMayCrashAtEveryStep")]),
        Case(
            number: 29, fault: "kill -9 anywhere, 10,000 commands, faults at 30 %",
            elsewhere: [
                test("CommandTests/MoneyTests", "twentyKillsUnderLiveTrafficMoveEachCommandOnce"),
                test("CommandTests/MoneyTests", "fiveKillsOnKafkaMoveEachCommandOnce"),
            ], open: "hundreds of commands, and neither bank nor broker is killed or stopped"),
        Case(
            number: 30, fault: "rebalance during a call, late answer",
            elsewhere: [
                test("CommandTests/GroupTests", "payersOfAGroupPayOnce"),
                test("PaymentsTests/CrashTests", "whatAnEarlierOwnerHearsTooLateChangesNothing"),
            ]),
        Case(
            number: 31, fault: "two payers of one partition",
            elsewhere: [
                test("WorkersTests/PayerLaneTests", "aSecondPayerFencesTheFirst"),
                test("CommandTests/MoneyTests", "aSecondPayerTakesOver"),
            ]),
        Case(
            number: 32, fault: "log down at SENDING",
            elsewhere: [test("CommandTests/WriteAheadTests", "whatIsNotCommittedDoesNotLeave")]),
        Case(number: 33, fault: "log down at OUTCOME for ten minutes"),
        Case(
            number: 34, fault: "journal truncated",
            elsewhere: [
                test("WorkersTests/PayerStartTests", "aJournalWithoutItsTailIsRefusedAtEveryPlace"),
                test("WorkersTests/PayerLogTests", "aJournalWithoutItsBeginningIsRefused"),
                test(
                    "CommandTests/PaymentSafetyTests",
                    "aJournalThatLostItsTailIsRebuiltByTwoPeople"),
            ]),
        Case(
            number: 35, fault: "journal slow to read",
            elsewhere: [
                test("WorkersTests/PayerLogTests", "aPayerMayStartWhileAnotherWrites"),
                test("WorkersTests/PayerLaneTests", "itMayCrashAtEveryStep"),
            ]),
        Case(number: 36, fault: "lookup 404 for a minute"),
        Case(number: 37, fault: "lookup down for hours"),
        Case(number: 38, fault: "late execution"),
        Case(number: 39, fault: "key lifetime over"),
        Case(
            number: 40, fault: "provider ignores keys",
            elsewhere: [
                test("CommandTests/ProviderCheckTests", "aBankThatForgetsKeysIsNotIdempotent")
            ]),
        Case(number: 41, fault: "pending for three days"),
        Case(number: 42, fault: "succeeded, then reversed"),
        Case(
            number: 43, fault: "failed, then rolled forward",
            open: "without a statement nobody notices: a decline is not looked up again"),
        Case(number: 44, fault: "webhooks", open: "no payer receives webhooks"),
        Case(number: 45, fault: "refund while the collection is in doubt"),
        Case(number: 46, fault: "refund times out"),
        Case(number: 47, fault: "cancel-by-key races the payment"),
        Case(number: 48, fault: "double click, stale resolution"),
        Case(number: 49, fault: "retry of a paid command"),
        Case(number: 50, fault: "commands that can't be"),
        Case(number: 51, fault: "one slow account"),
        Case(
            number: 52, fault: "clock jumps",
            elsewhere: [test("WorkersTests/PayerStartTests", "agesAreCountedByTheLogsClock")],
            open: "no alarm tells that the provider's clock is far off"),
        Case(number: 53, fault: "statements with wrong lines"),
        Case(
            number: 54, fault: "secret rotated, program renewed on the way",
            open: "no test goes from one build of the program to another"),
        Case(
            number: 55, fault: "SIGTERM with calls open",
            elsewhere: [
                test("WorkersTests/PayerRunTests", "whoIsToldToEndWaitsForWhatItSent")
            ]),
        Case(
            number: 56, fault: "executed, then the bank dies on a kept connection",
            elsewhere: [
                test("GatewayTests/WireTests", "aBankThatDiesAfterExecutingIsNotUnconnected"),
                test("GatewayTests/WireTests", "aKeptConnectionThatDiesTakesNoSecondCopyAlong"),
            ]),
        Case(
            number: 57, fault: "asleep between SENDING and the first byte",
            elsewhere: [
                test("WorkersTests/PayerLaneTests", "aPayerThatSleptSendsNothingLate"),
                test("GatewayTests/WireTests", "aWindowThatClosesOnTheWaySendsNothingWhole"),
            ]),
        Case(
            number: 58, fault: "payment on a lookup's connection",
            elsewhere: [
                test("GatewayTests/WireTests", "aLookupNeverLeavesItsConnectionToAPayment")
            ]),
    ]
}
