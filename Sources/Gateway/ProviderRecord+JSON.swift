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
        var names: [String?] = []
        for member in ["reference", "direction", "account_token"] {
            guard let value = json[member], !value.isNull else {
                names.append(nil)
                continue
            }
            guard let name = value.string else { return nil }
            names.append(name)
        }
        self.init(
            id: id, key: key, status: status, amount: MinorUnits(rawValue: amount),
            currency: currency, reference: names[0], direction: names[1], accountToken: names[2],
            failureCode: failureCode)
    }
}
