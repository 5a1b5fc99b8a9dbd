import Foundation

/// What is wrong with a schema: a keyword that this validator does not know means that it would
/// promise more than it checks, so it refuses to be made.
package struct BadSchema: Error, CustomStringConvertible {
    package var description: String
}

/// Checks values against a JSON Schema of draft-07. It knows the keywords that our schemas and the
/// AsyncAPI schema use, and refuses every other one.
package final class Validator: Sendable {
    private let root: Node
    private let rules: [String: Rule]
    private let start: Rule

    /// With `isClosed` an object of a schema that names a type has no members but those that the
    /// schema lists: what we write ourselves must all be documented.
    package init(_ schema: Node, isClosed: Bool = false) throws {
        var compiler = Compiler(root: schema, isClosed: isClosed)
        root = schema
        start = try compiler.rule(schema, at: "#")
        rules = try compiler.referred()
    }

    /// The first thing that is wrong with a value, or nil.
    package func fault(_ value: Node) -> String? { fault(value, start, "") }

    private func fault(_ value: Node, _ rule: Rule, _ path: String) -> String? {
        for check in rule.checks {
            if let fault = fault(value, check, path) { return fault }
        }
        return nil
    }

    private func accepts(_ value: Node, _ rule: Rule) -> Bool { fault(value, rule, "") == nil }

    private func fault(_ value: Node, _ check: Check, _ path: String) -> String? {
        func wrong(_ what: String) -> String { "\(path.isEmpty ? "it" : path) \(what)" }
        switch check {
        case .never: return wrong("is not allowed")
        case .refer(let target): return fault(value, rules[target]!, path)
        case .types(let types):
            return types.contains { $0.holds(value) } ? nil : wrong("is not of type \(types)")
        case .oneOf(let values):
            return values.contains(value) ? nil : wrong("is none of the values allowed: \(value)")
        case .range(let least, let most):
            guard let number = value.double else { return nil }
            return number >= least && number <= most ? nil : wrong("is out of range")
        case .above(let bound):
            guard let number = value.double else { return nil }
            return number > bound ? nil : wrong("is too small")
        case .length(let least, let most):
            guard let count = value.text?.unicodeScalars.count else { return nil }
            return count >= least && count <= most ? nil : wrong("is too short or too long")
        case .digits:
            guard case .number = value else { return nil }
            return wrong("is not written with digits only")
        case .bytes(let most):
            guard let count = value.text?.utf8.count else { return nil }
            return count <= most ? nil : wrong("has \(count) bytes, more than \(most)")
        case .pattern(let pattern):
            guard let text = value.text else { return nil }
            return pattern.holds(text) ? nil : wrong("'\(text)' does not match \(pattern.source)")
        case .count(let least):
            guard case .array(let elements) = value else { return nil }
            return elements.count >= least ? nil : wrong("has too few elements")
        case .unique:
            guard case .array(let elements) = value else { return nil }
            return Set(elements).count == elements.count ? nil : wrong("repeats an element")
        case .items(let rule):
            guard case .array(let elements) = value else { return nil }
            return first(elements.enumerated()) { fault($1, rule, "\(path)[\($0)]") }
        case .tuple(let rules):
            guard case .array(let elements) = value else { return nil }
            return first(zip(elements, rules)) { fault($0, $1, path) }
        case .required(let names):
            guard case .object(let members) = value else { return nil }
            return names.first { members[$0] == nil }.map { wrong("has no '\($0)'") }
        case .members(let rules, let patterns, let others):
            guard case .object(let members) = value else { return nil }
            return first(members) { name, value in
                let path = path.isEmpty ? name : "\(path).\(name)"
                let matching = patterns.filter { $0.0.holds(name) }.map(\.1)
                let own = (rules[name].map { [$0] } ?? []) + matching
                return first(own.isEmpty ? [others] : own) { fault(value, $0, path) }
            }
        case .names(let rule):
            guard case .object(let members) = value else { return nil }
            return first(members.keys) { fault(.string($0), rule, "the name '\($0)' in \(path)") }
        case .together(let names):
            guard case .object(let members) = value else { return nil }
            return first(names) { name, others in
                guard members[name] != nil, let other = others.first(where: { members[$0] == nil })
                else { return nil }
                return wrong("has '\(name)' and no '\(other)'")
            }
        case .all(let rules): return first(rules) { fault(value, $0, path) }
        case .any(let rules):
            let faults = rules.map { fault(value, $0, path) }
            return faults.contains(nil) ? nil : wrong("fits no case: \(faults.compactMap(\.self))")
        case .exactlyOne(let rules):
            let faults = rules.map { fault(value, $0, path) }
            let fitting = faults.count { $0 == nil }
            if fitting == 1 { return nil }
            if fitting > 1 { return wrong("fits \(fitting) cases") }
            return wrong("fits no case: \(faults.compactMap(\.self))")
        case .not(let rule):
            return accepts(value, rule) ? wrong("fits what it must not") : nil
        case .when(let condition, let then, let otherwise):
            return fault(value, accepts(value, condition) ? then : otherwise, path)
        }
    }

    private func first<Values: Sequence>(
        _ values: Values, _ body: (Values.Element) -> String?
    ) -> String? {
        for value in values { if let fault = body(value) { return fault } }
        return nil
    }
}

extension Node {
    fileprivate var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }
}
