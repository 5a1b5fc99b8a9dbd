import FairfillClient
import Vocabulary

extension Malformation {
    /// `sentence` of a line of a file, where a moment may be a date.
    package var sentenceOfLine: String {
        guard let member, [.at, .opensAt, .closesAt].contains(member),
            [.badValue, .wrongType, .outOfRange].contains(code)
        else { return sentence }
        return "\(member.rawValue): \(Timestamp.TextFault.notAMoment.sentence) "
            + "(\(code.rawValue) at byte \(position))"
    }
}
