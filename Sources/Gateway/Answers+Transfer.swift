import Curl
import Foundation
import JSON
import Payments

extension TransferResult {
    /// The body as an object; nil where it is none, or not whole.
    fileprivate var object: JSONValue? {
        guard failure == nil, let json = JSONValue(parsing: body), case .object = json else {
            return nil
        }
        return json
    }

    /// Whether an answer came whole and in a form that the contract knows: an object, or nothing.
    fileprivate var isReadable: Bool {
        failure == nil && (status ?? 0) >= 200 && (body.isEmpty || object != nil)
    }

    fileprivate var retryAfterSeconds: Int64? {
        retryAfter.flatMap {
            RetryAfter.seconds($0, nowSeconds: Int64(Date().timeIntervalSince1970))
        }
    }
}

extension SendingAnswer {
    /// 2xx without a record that can be read proves nothing; of all other whole answers the status
    /// counts, and the record and the problem where they are there.
    init(
        _ result: TransferResult, to request: ProviderRequest, body: GuardedBody.Progress,
        isShared: Bool
    ) {
        func failed(_ failure: TransportFailure, _ cause: TransportCause?) -> SendingAnswer {
            .failed(
                failure,
                FailureDetails(
                    status: result.status, retryAfterSeconds: result.retryAfterSeconds,
                    cause: cause))
        }
        if let failure = result.failure {
            let isUnsent = result.sentHeadBytes == 0 && !body.isBegun
            self = failed(
                TransportFailure(
                    failure, status: result.status, body: body, isUnsent: isUnsent,
                    isShared: isShared),
                TransportCause(failure, body: body))
            return
        }
        let json = result.object
        let record = json.flatMap { ProviderRecord($0) }
        if !result.isReadable || record == nil && (result.status ?? 0) < 300 {
            self = failed(.unreadable, .notTheContract)
        } else if body.isAskedAgain, (result.status ?? 0) >= 300 {
            // What answers a second copy says nothing about the first, unless it is the payment.
            self = failed(.connectionLost, .connectionLost)
        } else {
            self = .answered(
                status: result.status ?? 0, record: record, problem: json?["type"]?.string,
                retryAfterSeconds: result.retryAfterSeconds)
        }
    }
}

extension LookupAnswer {
    /// Only a whole answer of the contract's form says anything, and only about its own key.
    init(_ result: TransferResult, key: String) {
        if let failure = result.failure {
            self = .failed(
                TransportFailure(
                    failure, status: result.status, body: nil, isUnsent: result.sentHeadBytes == 0,
                    isShared: true),
                status: result.status, cause: TransportCause(failure, body: nil))
            return
        }
        guard result.status == 200 else {
            self = .failed(
                (result.status ?? 0) < 300 ? .unreadable : nil, status: result.status)
            return
        }
        guard let json = result.object, let found = json["data"]?.array,
            let isComplete = json["complete"]?.bool
        else {
            self = .failed(.unreadable, status: 200, cause: .notTheContract)
            return
        }
        if found.isEmpty {
            self = .notFound(isComplete: isComplete)
        } else if found.count == 1, let record = ProviderRecord(found[0]), record.key == key {
            self = .found(record)
        } else {
            self = .failed(.unreadable, status: 200, cause: .notTheContract)
        }
    }
}
