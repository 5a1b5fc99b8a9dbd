import FairfillClient
import Foundation
import Vocabulary

/// What a command was given: flags win over environment variables, those over the properties
/// file, that over the default (CommandLine.md, For every command).
package struct Arguments {
    package var command: Command
    package var given: [String: [String]] = [:]
    package var file: [String: String] = [:]

    package init(command: Command) { self.command = command }

    /// Read once: asking the process again and again costs more than deciding a bid.
    private static let environment = ProcessInfo.processInfo.environment

    /// Whether a flag was given. The parser has checked that its value is one of these words.
    package func has(_ name: String) -> Bool { text(name).map(Self.yes.contains) ?? false }

    /// What a variable or a file may say of a flag.
    private static let yes = ["true", "yes", "1"]
    private static let no = ["false", "no", "0"]

    /// Refuses what can be seen to be wrong before anything is done: a flag's value that is
    /// neither yes nor no, a word that is none of an option's, a time that is none.
    package func check() throws(Failure) {
        for option in command.allOptions where !option.words.isEmpty {
            guard let word = texts(option.name).first(where: { !option.words.contains($0) })
            else { continue }
            let near = Nearest.word(to: word, among: option.words)
            throw Failure(
                .usage, "--\(option.name) \(word): it is \(Words.alternatives(option.words))"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""))
        }
        for option in command.allOptions where option.value == nil {
            guard let value = text(option.name), !(Self.yes + Self.no).contains(value) else {
                continue
            }
            throw Failure(
                .usage, "\(option.variable) or '\(option.name)' in the file of -F is '\(value)': "
                    + "true or false")
        }
        _ = try timeoutSeconds()
    }

    /// Refuses options that would be ignored beside another one.
    package func refuse(
        _ names: [String], with other: String, because reason: String
    ) throws(Failure) {
        guard let name = names.first(where: { given[$0] != nil }) else { return }
        throw Failure(.usage, "--\(name) doesn't go with --\(other): \(reason)")
    }

    /// Refuses options that say nothing without another one.
    package func refuse(_ names: [String], without other: String) throws(Failure) {
        guard let name = names.first(where: { given[$0] != nil }) else { return }
        throw Failure(.usage, "--\(name) says nothing without --\(other)")
    }

    /// The last value of an option. It must be one that the command declares: what is read but
    /// not declared could never be given, and no help would name it.
    package func text(_ name: String) -> String? {
        guard let option = command.allOptions.first(where: { $0.name == name }) else {
            preconditionFailure("fairfill \(command.name) reads --\(name) and declares none")
        }
        if let value = given[name]?.last { return value }
        for variable in option.variables {
            if let value = Self.environment[variable], !value.isEmpty { return value }
        }
        return ([name] + option.otherNames).lazy.compactMap { file[$0] }.first
    }

    /// All values of a repeatable option.
    package func texts(_ name: String) -> [String] {
        let last = text(name)
        return given[name] ?? last.map { [$0] } ?? []
    }

    /// The value of an option that declares its words: one of them, by `check`.
    package func choice<Choice: RawRepresentable<String>>(
        _ name: String, as _: Choice.Type = Choice.self
    ) -> Choice? {
        guard let word = text(name) else { return nil }
        guard let choice = Choice(rawValue: word) else {
            preconditionFailure("--\(name) declares '\(word)', which is no \(Choice.self)")
        }
        return choice
    }

    /// The value of an option without which the command does nothing.
    package func required(_ name: String) throws(Failure) -> String {
        guard let value = text(name) else {
            throw Failure(
                .usage, "--\(name) is missing; fairfill \(command.name) --help shows an example")
        }
        return value
    }

    /// A whole number from 0 to 2^53 - 1.
    package func integer(_ name: String) throws(Failure) -> Int64? {
        guard let value = text(name) else { return nil }
        guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let number = Int64(value), number <= largestInteger
        else {
            throw Failure(
                .usage,
                "--\(name) \(value): not a whole number from 0 to \(largestInteger), written "
                    + "with digits only")
        }
        return number
    }

    /// An id that an option gives; nil where it is left out.
    package func identifier(_ name: String) throws(Failure) -> Identifier? {
        guard let value = text(name) else { return nil }
        guard let id = Identifier(parsing: value) else {
            throw Failure(
                .usage, "--\(name) \(value): an id is 1 to 64 characters of A-Z a-z 0-9 . _ : -")
        }
        return id
    }

    /// An id without which the command does nothing.
    package func requiredIdentifier(_ name: String) throws(Failure) -> Identifier {
        _ = try required(name)
        return try identifier(name)!
    }

    /// A duration such as 500ms, 2s, 5m, 12h, 7d, in milliseconds.
    package func milliseconds(_ name: String) throws(Failure) -> Int64? {
        guard let value = text(name) else { return nil }
        let units: [(String, Int64)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        for (unit, factor) in units where value.hasSuffix(unit) {
            let digits = value.dropLast(unit.count)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
                let number = Int64(digits)
            else { continue }
            let (product, overflow) = number.multipliedReportingOverflow(by: factor)
            if !overflow, product <= largestInteger { return product }
        }
        throw Failure(
            .usage, "--\(name) \(value): a duration is a number with ms, s, m, h or d, as in 7d")
    }

    /// How long to wait for a decision.
    package func timeoutSeconds() throws(Failure) -> Double {
        guard let value = text("timeout") else { return 30 }
        guard let seconds = Double(value), seconds >= 0, seconds <= 1_000_000_000 else {
            throw Failure(.usage, "--timeout \(value): not a number of seconds")
        }
        return seconds
    }

    package var isJSON: Bool { has("json") }
    package var isQuiet: Bool { has("quiet") }
}
