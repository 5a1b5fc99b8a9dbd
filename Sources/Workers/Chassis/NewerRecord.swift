import EventLog
import Vocabulary

extension Malformation {
    /// What a worker says of a record of its kind that says more than this build knows:
    /// its writer knew more, and going on without it could undo that. Nil where the record
    /// is damaged.
    func newerBuild(_ location: String) -> LaneEnd? {
        let what: String
        switch code {
        case .unlistedMember: what = unlisted.map { "the member '\($0)'" } ?? "a member"
        case .unknownType: what = "a type"
        default: return nil
        }
        return .log(
            LogError(
                .misconfigured,
                "the record at \(location) was written by a newer build: it contains \(what) that "
                    + "this build doesn't know (byte \(position)), so it can't continue past it; "
                    + "use a newer fairfill"))
    }
}
