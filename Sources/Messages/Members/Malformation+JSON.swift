import JSON
import Vocabulary

extension Malformation {
    /// The fault of a record that is no JSON, in the words of the wire.
    @inline(never)
    init(_ fault: JSONFault) {
        let code: Code =
            switch fault.code {
            case .notUTF8: .notUTF8
            case .notJSON: .notJSON
            case .tooDeep: .tooDeep
            case .badEscape: .badEscape
            case .unpairedSurrogate: .unpairedSurrogate
            case .badNumber: .badNumber
            case .duplicateMember: .duplicateMember
            }
        self.init(code, at: fault.position)
    }
}
