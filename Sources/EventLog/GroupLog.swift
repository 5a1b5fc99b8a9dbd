/// A log that shares the partitions of a topic out among the processes that ask for them, and
/// moves them when one joins, leaves or dies. For logs that several machines work on.
package protocol GroupLog: EventLog {
    /// Joins the group of this name, whose members share the partitions of `topic`.
    ///
    /// `hear` is called with each change, on the thread that calls `serve` or `leave`, inside that
    /// call. A partition that is `.revoked` goes to another member once it has returned: by then
    /// nobody may work on it here any more.
    func join(
        group: String, topic: String, hear: @escaping (MembershipChange) -> Void
    ) throws(LogError) -> any Membership

    /// Offsets under the name of a group, for tools that watch lag; nothing here uses them.
    /// The group must have no members: what a member tells while its group changes hands would
    /// disturb that.
    func openOffsets(of group: String) throws(LogError) -> any GroupOffsets
}

/// Where a group tells how far it is. Used by one thread.
package protocol GroupOffsets: AnyObject {
    /// Everything before these is done with. Waits for no answer.
    func tell(_ positions: [ReadStart])
}

/// A process's place in a group. Used by one thread.
///
/// Being given a partition is no right to write to it: a process that was stopped for a while may
/// hold on to one that went to another. Only opening the writer decides that (`openWriter`).
package protocol Membership: AnyObject {
    /// Stays in touch with the group, for about this long. Must be called again and again: a
    /// process that does not, for some minutes, is taken for dead.
    func serve(milliseconds: Int) throws(LogError)

    /// Leaves at once, so that its partitions go to others without a wait. Twice is harmless.
    func leave()
}

/// What a group tells a member.
package enum MembershipChange: Hashable, Sendable {
    /// These partitions are its own from now on.
    case assigned([Int32])
    /// These are asked back; or `isLost`: the group took the process for dead, and others may
    /// work on them already.
    case revoked([Int32], isLost: Bool)
}
