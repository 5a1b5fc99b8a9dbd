import Vocabulary

/// What is changed of the records that are decided: other terms, or bids of another kind.
package struct Variant: Hashable, Sendable {
    /// What it is called above its column.
    package var name: String
    /// Set in every command that opens an offering, one after the other.
    package var changes: [TermChange]
    /// What every bid is taken to be, against its own word; nil: as it says.
    package var allOrNone: Bool?

    package init(_ name: String, _ changes: [TermChange] = [], allOrNone: Bool? = nil) {
        self.name = name
        self.changes = changes
        self.allOrNone = allOrNone
    }

    /// The records as they are.
    package static let asGiven = Variant("as given")

    /// The record as this variant has it.
    @inline(__always)
    func changed(_ record: InputRecord) -> InputRecord {
        if changes.isEmpty && allOrNone == nil { return record }
        return reallyChanged(record)
    }

    private func reallyChanged(_ record: InputRecord) -> InputRecord {
        switch record {
        case .bid(var bid):
            if let allOrNone { bid.allOrNone = allOrNone }
            return .bid(bid)
        case .command(var command):
            guard case .open(var terms) = command.action else { return record }
            for change in changes { change.apply(to: &terms) }
            command.action = .open(terms)
            return .command(command)
        case .cancellation, .paymentResult, .partitionCommand: return record
        }
    }
}

/// Why a variant can't be read.
package enum VariantFault: Error, Hashable, Sendable {
    /// No term is called so.
    case unknownTerm(String)
    /// What is wrong, in words.
    case badValue(String)
}

extension Variant {
    /// The word that is no term: it makes every bid all-or-none, or none of them.
    package static let allOrNoneName = "all-or-none"

    /// Reads `TERM=VALUE[,TERM=VALUE...]`. What follows a comma and has no `=` belongs to the
    /// value before it: the ids of `interest` and `principal` stand so.
    package init(parsing text: String) throws(VariantFault) {
        self.init(text)
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if let equals = part.firstIndex(of: "=") {
                let name = String(part[..<equals])
                guard !pairs.contains(where: { $0.name == name }) else {
                    throw .badValue("\(text): \(name) is there twice; once is enough")
                }
                pairs.append((name, String(part[part.index(after: equals)...])))
            } else if let last = pairs.indices.last {
                pairs[last].value += ",\(part)"
            } else {
                throw .badValue("\(text): not of the form TERM=VALUE[,TERM=VALUE...]")
            }
        }
        for (name, value) in pairs {
            if name == Self.allOrNoneName {
                guard value == "true" || value == "false" else {
                    throw .badValue("\(name)=\(value): true or false")
                }
                allOrNone = value == "true"
            } else {
                changes.append(try Self.change(name, value))
            }
        }
    }

    /// `none` leaves a term out.
    private static func change(
        _ name: String, _ value: String
    ) throws(VariantFault) -> TermChange {
        guard let flag = TermFlag.named(name) else {
            throw .unknownTerm(name)
        }
        if value == "none", let change = flag.leavingOut { return change }
        do throws(TermTextFault) {
            return try flag.change(value)
        } catch {
            throw .badValue("\(name)=\(value): \(name) is \(error.expected)")
        }
    }
}
