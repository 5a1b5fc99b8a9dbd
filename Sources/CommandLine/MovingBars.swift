import FairfillClient
import Vocabulary

/// The bars of a few offerings on a terminal: each new state takes the place of the last one.
package final class MovingBars {
    private let output: Output
    private var texts: [(offering: Identifier, text: String)] = []
    private var linesShown = 0

    /// Those of more offerings would not fit a screen: the bars are of the last ones that moved.
    private static let most = 8

    package init(_ output: Output) { self.output = output }

    /// Draws the bar of an offering, in place of the one drawn before.
    package func show(_ text: String, of offering: Identifier) throws(Failure) {
        if let index = texts.firstIndex(where: { $0.offering == offering }) {
            texts[index].text = text
        } else {
            texts.append((offering, text))
            if texts.count > Self.most { texts.removeFirst() }
        }
        // Up to the first line, and everything from there on taken away.
        let back = linesShown > 0 ? "\u{1b}[\(linesShown)A\r\u{1b}[J" : ""
        let all = texts.map(\.text).joined(separator: "\n")
        linesShown = all.split(separator: "\n").count
        try output.line(back + all)
    }
}
