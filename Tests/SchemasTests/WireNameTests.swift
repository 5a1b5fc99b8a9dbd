import Messages
import SchemaConformance
import Schemas
import Testing
import Vocabulary

/// The names of members on the wire stand in one list, and the schemas know the same.
@Suite struct WireNameTests {
    /// Names of all members that a schema describes, of objects within records, too.
    private static func names(in node: Node, into names: inout Set<String>) {
        switch node {
        case .object(let members):
            if case .object(let properties)? = members["properties"] {
                names.formUnion(properties.keys)
            }
            for member in members.values { Self.names(in: member, into: &names) }
        case .array(let elements):
            for element in elements { Self.names(in: element, into: &names) }
        default: break
        }
    }

    /// What only people read of `attention`: no code of this system does.
    private static let forPeopleOnly: Set<String> = []

    @Test func theListIsThatOfTheSchemas() throws {
        var described: Set<String> = []
        for topic in Topic.allCases {
            for schema in topic.recordSchemas {
                Self.names(in: try Node(parsing: schema.schema.line), into: &described)
            }
        }
        let listed = Set(Member.allCases.map(\.rawValue))
        #expect(described.subtracting(listed) == Self.forPeopleOnly)
        #expect(listed.subtracting(described) == [])
    }

    /// The first names of the list are those of the records that others write: a refusal may
    /// mention them, and no other.
    @Test func theFirstNamesAreThoseOfTheInputs() throws {
        var described: Set<String> = []
        for topic in [Topic.bids, .offeringCommands, .paymentResults] {
            for schema in topic.recordSchemas {
                Self.names(in: try Node(parsing: schema.schema.line), into: &described)
            }
        }
        let first = Member.allCases.prefix(while: \.isOfInputs)
        #expect(Member.allCases.filter(\.isOfInputs) == Array(first))
        #expect(described.subtracting(first.map(\.rawValue)) == Self.readByNobody)
        #expect(Set(first.map(\.rawValue)).subtracting(described) == [])
    }

    /// What payers say in `payment-results` and the rules don't look at.
    private static let readByNobody: Set<String> = ["proven"]

    /// Tables and sets of members go by their places.
    @Test func placesAreThoseOfTheList() {
        let count = UInt8(Member.allCases.count)
        #expect(Member.allCases.map(\.place) == Array(0..<count))
        // A set of them is 192 bits.
        #expect(count <= 192)
    }
}
