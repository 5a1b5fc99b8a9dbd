import Vocabulary

extension Malformation {
    /// What is wrong and where, for people: the member, words, then the code that programs read.
    package var sentence: String {
        let name = member?.rawValue ?? unlisted.map { "\($0)" }
        let subject = code == .unknownType ? "" : name.map { "\($0) " } ?? ""
        return "\(subject)\(words) (\(code.rawValue) at byte \(position))"
    }

    private var words: String {
        let isMember = member != nil
        return switch code {
        case .unreadable: "its batch can't be unpacked"
        case .nullPayload: "there is no value"
        case .tooLong: "longer than 16 KiB"
        case .notUTF8: "not UTF-8"
        case .notJSON: "not JSON, or cut off"
        case .notAnObject: "not a JSON object"
        case .trailingBytes: "something follows the object"
        case .tooDeep: "nested too deep"
        case .badEscape: "an escape that JSON has not"
        case .unpairedSurrogate: "half of a surrogate pair"
        case .badNumber: "a number in a form that JSON has not"
        case .unknownType: "type is none of those expected here"
        case .missingMember: isMember ? "is missing" : "a member is missing"
        case .duplicateMember: isMember ? "is there twice" : "a member is there twice"
        case .unlistedMember:
            unlisted == nil ? "a member is not known here" : "is no member that is known here"
        case .wrongType: "is of another JSON type than asked for"
        case .outOfRange: "must be a whole number from 0 to 9007199254740991, digits only"
        case .badIdentifier: "must be 1 to 64 characters of A-Z a-z 0-9 . _ : -"
        case .badValue: "is none of the words allowed"
        }
    }
}
