/// Why a record could not be read: stable words for programs, and where to look for people.
public struct Malformation: Error, Hashable, Sendable {
    /// What is wrong. The raw values stand in decisions and never change their meaning.
    public enum Code: String, Sendable, CaseIterable {
        /// The batch that the record came in can't be unpacked: its compression is broken, or it
        /// unpacks to more than is taken.
        case unreadable = "unreadable"
        /// The record has no value at all.
        case nullPayload = "nullPayload"
        /// The value is longer than 16 KiB.
        case tooLong = "tooLong"
        case notUTF8 = "notUTF8"
        /// Not JSON, or JSON that ends too early.
        case notJSON = "notJSON"
        /// JSON, but not one object.
        case notAnObject = "notAnObject"
        /// Something other than white space after the object.
        case trailingBytes = "trailingBytes"
        /// Nested deeper than 32 levels.
        case tooDeep = "tooDeep"
        /// An escape that JSON has not.
        case badEscape = "badEscape"
        /// `\ud800`-`\udfff` without its other half.
        case unpairedSurrogate = "unpairedSurrogate"
        /// A number in a form that JSON has not.
        case badNumber = "badNumber"
        /// `type` is none of this topic's.
        case unknownType = "unknownType"
        case missingMember = "missingMember"
        case duplicateMember = "duplicateMember"
        /// A member that its type doesn't list, where none may be left out of account.
        case unlistedMember = "unlistedMember"
        /// A member of another JSON type than the one asked for.
        case wrongType = "wrongType"
        /// An integer below 0 or above 2^53 - 1, or one with a fraction or an exponent.
        case outOfRange = "outOfRange"
        /// Not 1-64 bytes of `[A-Za-z0-9._:-]`.
        case badIdentifier = "badIdentifier"
        /// A string that is none of those allowed here.
        case badValue = "badValue"
    }

    public var code: Code
    /// The listed member it is about, if it is about one.
    public var member: Member?
    /// With `unlistedMember` its name, where that has the form of an id.
    public var unlisted: Identifier?
    /// The byte of the value at which it was seen, from 0.
    public var position: Int

    public init(
        _ code: Code, member: Member? = nil, unlisted: Identifier? = nil, at position: Int
    ) {
        self.code = code
        self.member = member
        self.unlisted = unlisted
        self.position = position
    }
}
