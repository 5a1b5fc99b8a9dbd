import Foundation
import JSON

/// A JSON object of a few members, in the order given.
package struct JSONLine {
    package private(set) var text = "{"

    package init() {}

    /// A member that is a whole number.
    package mutating func add(_ name: String, _ value: some BinaryInteger) { put(name, "\(value)") }
    /// A member that is true or false.
    package mutating func add(_ name: String, _ value: Bool) { put(name, value ? "true" : "false") }
    /// A member that is a text.
    package mutating func add(_ name: String, _ value: String) { put(name, Self.quoted(value)) }
    /// A member that is a number, rounded to `decimals`.
    package mutating func add(_ name: String, _ value: Double, decimals: Int = 3) {
        put(name, String(format: "%.\(decimals)f", value))
    }
    /// An array of objects.
    package mutating func add(_ name: String, _ values: [JSONLine]) {
        put(name, "[" + values.map(\.line).joined(separator: ",") + "]")
    }
    /// An object.
    package mutating func add(_ name: String, _ value: JSONLine) { put(name, value.line) }
    /// A value that is JSON already.
    package mutating func add(_ name: String, json value: String) { put(name, value) }

    /// All members of another.
    package mutating func add(_ other: JSONLine) {
        guard other.text.count > 1 else { return }
        text += (text.count > 1 ? "," : "") + other.text.dropFirst()
    }

    private mutating func put(_ name: String, _ value: String) {
        text += (text.count > 1 ? "," : "") + Self.quoted(name) + ":" + value
    }

    package var line: String { text + "}" }

    /// `text` as a JSON string, with its quotes.
    package static func quoted(_ text: String) -> String { JSONValue.quoted(text) }
}
