import Messages

extension RecordSchema {
    /// The records of `bids`: the interface of front ends in any language.
    static let bids = [
        RecordSchema(
            topic: .bids, type: "bid",
            summary: "A request for shares of one offering, by one account. The same record again "
                + "changes nothing; another one under the same id is refused.",
            members: [
                .type("bid"),
                .required("bid", Form.id(
                    "The bid's id, chosen by the front end, unique within its offering.")),
                .required("offering", Form.id("The offering, which is the record's key, too.")),
                .required("account", Form.id("Who asks.")),
                .required("shares", Form.shares(
                    "The shares asked for; the offering's terms say what is too few or too many.")),
                .optional("allOrNone", Form.flag("All or nothing. Left out, it is false.")),
            ],
            examples: [
                #"{"type":"bid","bid":"b-1","offering":"loan-7","account":"a-42","shares":300}"#,
                #"{"type":"bid","bid":"b-2","offering":"loan-7","account":"a-42","#
                    + #""shares":300,"allOrNone":true}"#,
            ]),
        RecordSchema(
            topic: .bids, type: "cancel",
            summary: "Asks for a bid to be taken back: its waiting part at once, a reserved part "
                + "unless it is paid already.",
            members: [
                .type("cancel"),
                .required("bid", Form.id("The bid.")),
                .required("offering", Form.id("The offering, which is the record's key, too.")),
                .required("account", Form.id("The bid's own account, or the record is refused.")),
            ],
            examples: [
                #"{"type":"cancel","bid":"b-1","offering":"loan-7","account":"a-42"}"#
            ]),
    ]
}
