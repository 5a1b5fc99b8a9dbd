import CommandLine
import FairfillClient
import Glibc
import KafkaLog
import SQLiteLog

/// The whole of the command: which subcommands there are, and how one ends.
package enum Main {
    package static let version = Command.version

    package static let commands: [Command] = [
        .topicsCreate, .topicsCheck, .topicsList, .topicsClock,
        .offeringOpen, .offeringClose, .offeringPause, .offeringResume, .offeringAmend,
        .offeringCancel, .offeringDistribute, .offeringRepay, .offeringList, .offeringShow,
        .bid, .cancelBid, .allocate, .watch, .verify, .explain, .whatIf, .attentionList,
        .attentionAck, .attentionExport,
        .exportDecisions,
        .exportHoldings, .exportBids, .exportCommands, .exportResults, .copy, .pay, .paymentsList,
        .paymentsShow, .paymentsResolve, .paymentsPause, .paymentsResume, .paymentsLimit,
        .paymentsRecommand, .paymentsRebuild, .reconcile, .providerCheck, .run, .sandboxBank,
        .reasons, .schema, .simulate, .demo, .benchCodec, .benchCore, .benchLog, .benchPipeline,
        .benchPay,
        .completionBash, .completionZsh, .completionFish, .man,
    ]

    static func run(_ words: [String]) -> Never {
        StandardStreams.reserve()
        Interruption.listen()
        do throws(Failure) {
            end(with: try answer(words).rawValue)
        } catch {
            if error.isClosedPipe { end(with: 0) }
            Remark(.failed, error.message).with("exitCode", error.code.exitCode.rawValue).say()
            end(with: error.code.exitCode.rawValue)
        }
    }

    private static func end(with code: Int32) -> Never {
        DaemonOutput.flush()
        StandardError.flush()
        SQLiteLog.closeFiles()
        // Not `exit`: it tears OpenSSL down, and a client's threads may still be in it. Such an end
        // aborted a worker that had said why it ended.
        _exit(code)
    }

    private static func answer(_ words: [String]) throws(Failure) -> ExitCode {
        let output = Output()
        switch try Parser(commands: commands).parse(words) {
        case .help(let text):
            try output.line(text)
            try output.flush()
            return .done
        case .tooLittle(let text):
            StandardError.write(text + "\n")
            return .usage
        case .version:
            try output.line("fairfill \(version)")
            try output.flush()
            return .done
        case .run(let arguments):
            if arguments.command.isDaemon {
                StandardError.queue(LogFormat(arguments))
                KafkaLog.hearClients { Remark.say($0, .client) }
            }
            return try arguments.command.perform(arguments)
        }
    }
}
