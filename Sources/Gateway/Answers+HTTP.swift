import JSON
import Payments

/// An answer as it came over HTTP, before anybody asks what it means.
struct HTTPAnswer: Sendable {
    var status: Int
    var retryAfterSeconds: Int64?
    var body: [UInt8]
    /// The connection ended before the body did.
    var isTruncated = false

    var json: JSONValue? { isTruncated ? nil : JSONValue(parsing: body) }
}

extension SendingAnswer {
    /// 2xx without a record that can be read proves nothing; of all other answers the status
    /// counts, and the record and the problem where they are there.
    init(_ answer: HTTPAnswer, to request: ProviderRequest) {
        let json = answer.json
        let record = json.flatMap { ProviderRecord($0, answering: request) }
        if record == nil, answer.status < 300 {
            self = .failed(.unreadable)
        } else {
            self = .answered(
                status: answer.status, record: record, problem: json?["type"]?.string,
                retryAfterSeconds: answer.retryAfterSeconds)
        }
    }
}

extension LookupAnswer {
    /// Only a whole answer of the contract's form says anything, and only about its own key.
    init(_ answer: HTTPAnswer, key: String) {
        guard answer.status == 200 else {
            self = .failed(answer.status < 300 ? .unreadable : nil, status: answer.status)
            return
        }
        guard let json = answer.json, let found = json["data"]?.array,
            let isComplete = json["complete"]?.bool
        else {
            self = .failed(.unreadable, status: 200)
            return
        }
        if found.isEmpty {
            self = .notFound(isComplete: isComplete)
        } else if found.count == 1, let record = ProviderRecord(found[0]), record.key == key {
            self = .found(record)
        } else {
            self = .failed(.unreadable, status: 200)
        }
    }
}
