import CommandLine
import FairfillClient
import Vocabulary

extension Command {
    static let reasons = Command(
        words: ["reasons"],
        summary: "list every reason for a refusal, and whether a new try makes sense",
        description: "",
        examples: ["fairfill reasons", "fairfill reasons --json | jq -r .reason"],
        usesLog: false
    ) { arguments throws(Failure) in
        let output = Output()
        for reason in Reason.allCases {
            if arguments.isJSON {
                var line = JSONLine()
                line.add("reason", reason.rawValue)
                line.add("sentence", reason.sentence)
                line.add("tryAgain", reason.advice.rawValue)
                try output.line(line.line)
            } else {
                try output.line(
                    Layout.wrapped(
                        reason.sentence,
                        first: Layout.padded(reason.rawValue, 24)
                            + Layout.padded(reason.advice.rawValue, 8), indent: 32))
            }
        }
        try output.flush()
        return .done
    }
}
