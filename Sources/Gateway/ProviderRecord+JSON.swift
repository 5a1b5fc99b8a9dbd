import JSON
import Payments
import Vocabulary

extension ProviderRecord {
    /// A record as the provider wrote it, or nil where a member that decides something is missing
    /// or of another kind. Values are passed on as they are: whether they are those of the
    /// request is the question of `Classification`.
    ///
    /// A failure that does not call itself final is no record: `failed` means that no money
    /// moved and none ever will.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, !id.isEmpty,
            let key = json["idempotency_key"]?.string,
            let status = json["status"]?.string.flatMap(Status.init(rawValue:)),
            let amount = json["amount"]?.integer,
            let currency = json["currency"]?.string
        else { return nil }
        var failureCode: String?
        if let failure = json["failure"], !failure.isNull {
            guard let code = failure["code"]?.string, failure["final"]?.bool == true
            else { return nil }
            failureCode = code
        }
        self.init(
            id: id, key: key, status: status, amount: MinorUnits(rawValue: amount),
            currency: currency, failureCode: failureCode)
    }

    /// The record that answers this request. The type has no room for the reference and the
    /// direction, so where one of them is another's, the answer counts as unreadable.
    init?(_ json: JSONValue, answering request: ProviderRequest) {
        if let reference = json["reference"], reference.string != request.reference { return nil }
        if let way = json["direction"], way.string != request.direction.rawValue { return nil }
        self.init(json)
    }
}
