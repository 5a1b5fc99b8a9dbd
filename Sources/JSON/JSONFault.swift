/// Why bytes are no JSON that every reader takes, and where that shows.
package struct JSONFault: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Code: UInt8, Sendable, CaseIterable {
        case notUTF8
        /// Not JSON, or JSON that ends too early.
        case notJSON
        /// Nested deeper than `JSONReader.deepestLevel`.
        case tooDeep
        /// An escape that JSON has not.
        case badEscape
        /// `\ud800`-`\udfff` without its other half.
        case unpairedSurrogate
        /// A number in a form that JSON has not.
        case badNumber
        /// A name that an object has twice. Only a tree minds: whoever reads a record in one pass
        /// knows which names are its own.
        case duplicateMember
    }

    package var code: Code
    /// The byte at which it was seen, from 0.
    package var position: Int

    @inline(__always)
    package init(_ code: Code, at position: Int) {
        self.code = code
        self.position = position
    }
}
