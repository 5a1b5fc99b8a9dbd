/// From a schema to its rule. Rules refer to each other by path, so rings are no trouble.
struct Compiler {
    let root: Node
    let isClosed: Bool
    /// Paths that are referred to, and not compiled yet.
    private var wanted: [String] = []
    private var done: [String: Rule] = [:]

    init(root: Node, isClosed: Bool) {
        self.root = root
        self.isClosed = isClosed
    }

    /// Everything that the rules made so far refer to.
    mutating func referred() throws -> [String: Rule] {
        while let path = wanted.popLast() {
            guard done[path] == nil else { continue }
            done[path] = .always
            done[path] = try rule(try target(path), at: path)
        }
        return done
    }

    private func target(_ path: String) throws -> Node {
        var node = root
        for step in path.dropFirst(2).split(separator: "/") {
            guard let next = node[String(step)] else {
                throw BadSchema(description: "\(path) leads nowhere")
            }
            node = next
        }
        return node
    }

    mutating func rule(_ schema: Node, at path: String) throws -> Rule {
        if case .bool(let allows) = schema { return allows ? .always : .never }
        guard case .object(let keywords) = schema else {
            throw BadSchema(description: "\(path) is no schema")
        }
        // Beside a reference everything is ignored in draft-07.
        if let reference = keywords["$ref"]?.text {
            guard reference.hasPrefix("#") else {
                throw BadSchema(description: "\(path) refers to another document, \(reference)")
            }
            wanted.append(reference)
            return Rule(checks: [.refer(reference)])
        }
        var checks: [Check] = []
        for (keyword, value) in keywords {
            if let check = try check(keyword, value, keywords, at: "\(path)/\(keyword)") {
                checks.append(check)
            }
        }
        // Cheap ones first, and what is wrong with a type before what follows from it.
        return Rule(checks: checks.sorted { Self.cost($0) < Self.cost($1) })
    }

    private static func cost(_ check: Check) -> Int {
        switch check {
        case .types: 0
        case .required: 1
        case .members: 2
        case .all, .any, .exactlyOne, .not, .when: 4
        default: 3
        }
    }

    private mutating func check(
        _ keyword: String, _ value: Node, _ keywords: [String: Node], at path: String
    ) throws -> Check? {
        switch keyword {
        case "$schema", "title", "description", "examples", "example", "default", "definitions",
            "format":
            return nil
        case "type":
            return .types(try value.list.map { node in
                guard let kind = node.text.flatMap(Kind.init) else {
                    throw BadSchema(description: "\(path): no type")
                }
                return kind
            })
        case "const": return .oneOf([value])
        case "enum": return .oneOf(value.list)
        case "minimum", "maximum":
            // Both at once, by the first of them.
            if keyword == "maximum", keywords["minimum"] != nil { return nil }
            return .range(
                keywords["minimum"]?.float ?? -.infinity, keywords["maximum"]?.float ?? .infinity)
        case "exclusiveMinimum": return .above(value.float ?? 0)
        case "minLength", "maxLength":
            if keyword == "maxLength", keywords["minLength"] != nil { return nil }
            return .length(
                Int(keywords["minLength"]?.float ?? 0), Int(keywords["maxLength"]?.float ?? 1e15))
        case "x-form":
            guard value == .string("digits") else {
                throw BadSchema(description: "\(path): digits only")
            }
            return .digits
        // Of a record the length of its text, which a value no longer has: `RecordCheck` looks.
        case "x-maxBytes": return .bytes(Int(value.float ?? 0))
        case "pattern": return .pattern(try Pattern(value.text ?? ""))
        case "minItems": return .count(Int(value.float ?? 0))
        case "uniqueItems": return value == .bool(true) ? .unique : nil
        case "additionalItems":
            // It says nothing unless `items` is a list.
            guard case .array = keywords["items"], value != .bool(true) else { return nil }
            throw BadSchema(description: "\(path): true only")
        case "items":
            if case .array(let schemas) = value { return .tuple(try rules(schemas, at: path)) }
            return .items(try rule(value, at: path))
        case "required": return .required(value.list.compactMap(\.text))
        case "properties", "patternProperties", "additionalProperties":
            return try members(keyword, keywords, at: path)
        case "propertyNames": return .names(try rule(value, at: path))
        case "dependencies":
            return .together(try value.members.mapValues { names in
                guard case .array(let names) = names else {
                    throw BadSchema(description: "\(path): lists of names only")
                }
                return names.compactMap(\.text)
            })
        case "allOf": return .all(try rules(value.list, at: path))
        case "anyOf": return .any(try rules(value.list, at: path))
        case "oneOf": return .exactlyOne(try rules(value.list, at: path))
        case "not": return .not(try rule(value, at: path))
        case "if":
            return .when(
                try rule(value, at: path),
                try keywords["then"].map { try rule($0, at: path) } ?? .always,
                try keywords["else"].map { try rule($0, at: path) } ?? .always)
        case "then", "else":
            guard keywords["if"] != nil else { throw BadSchema(description: "\(path): no if") }
            return nil
        default: throw BadSchema(description: "\(path) is a keyword that is not known here")
        }
    }

    private mutating func rules(_ schemas: [Node], at path: String) throws -> [Rule] {
        var rules: [Rule] = []
        for schema in schemas { rules.append(try rule(schema, at: path)) }
        return rules
    }

    /// The three keywords that share out an object's members, made by the first that is there.
    private mutating func members(
        _ keyword: String, _ keywords: [String: Node], at path: String
    ) throws -> Check? {
        let all = ["properties", "patternProperties", "additionalProperties"]
        guard keyword == all.first(where: { keywords[$0] != nil }) else { return nil }
        var rules: [String: Rule] = [:]
        for (name, schema) in keywords["properties"]?.members ?? [:] {
            rules[name] = try rule(schema, at: "\(path)/\(name)")
        }
        var patterns: [(Pattern, Rule)] = []
        for (pattern, schema) in keywords["patternProperties"]?.members ?? [:] {
            patterns.append((try Pattern(pattern), try rule(schema, at: path)))
        }
        var others = try keywords["additionalProperties"].map { try rule($0, at: path) } ?? .always
        if isClosed, keywords["properties"] != nil, keywords["type"] == .string("object") {
            others = .never
        }
        return .members(rules, patterns, others)
    }
}

extension Node {
    /// The elements of a list; one value stands for a list of one.
    fileprivate var list: [Node] {
        if case .array(let elements) = self { elements } else { [self] }
    }

    fileprivate var members: [String: Node] {
        if case .object(let members) = self { members } else { [:] }
    }

    fileprivate var float: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }
}
