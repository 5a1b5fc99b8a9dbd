import Vocabulary

/// What a provider guarantees, and how long things take there. Only what its contract says and a
/// test has seen stands here: a member that is left at its default claims nothing (Payments.md).
package struct ProviderProfile: Hashable, Sendable {
    /// Whose account at the provider the token opens: with another merchant a channel is another
    /// one. At most 255 bytes.
    package var merchant: String?
    /// The same request under the same key moves money at most once.
    package var isIdempotent = false
    /// How long a key is remembered; nil: it is never forgotten.
    package var keyLifetimeMilliseconds: Int64?
    /// How much of the lifetime is left unused, for clocks that differ and requests under way.
    package var keyLifetimeMarginMilliseconds: Int64 = 7_200_000
    /// Payments can be asked for by key.
    package var looksUpByKey = false
    /// How long after an execution a lookup may not show it yet.
    package var lookupVisibilityDelayMilliseconds: Int64 = 60_000
    /// A complete "not found" proves, once the delay is over, that nothing moved nor will.
    package var notFoundIsFinal = false
    package var finalityDelayMilliseconds: Int64 = 0
    /// A 429 comes from before the layer that executes.
    package var limitsBeforeExecution = false
    /// Bodies without a length are taken.
    package var acceptsChunkedBodies = true
    /// A request that says when its window ends is never executed after that moment, by the
    /// provider's clock. `finalityDelay` must cover how far that clock may be behind.
    package var honoursExpiry = false
    /// Requests go out on connections that others were sent on. Then libcurl may send one twice,
    /// and only a success, or the provider's record, proves anything.
    package var reusesConnections = false
    /// Problem types that decline for good, beside 402.
    package var finalDeclines: [String] = []
    /// Problem types of a 400 or 422 that refuse the request itself, unexecuted.
    package var validationProblems: [String] = ["validation", "idempotency-key-missing"]
    /// Statuses among 401, 403, 404 and 405 that mean that nothing was executed.
    package var notExecutedStatuses: [Int] = []

    /// How long after SENDING was handed to the log its first byte may leave.
    package var sendingWindowMilliseconds: Int64 = 5_000
    /// How long an answer is waited for.
    package var httpDeadlineMilliseconds: Int64 = 30_000
    /// How often a command in doubt is sent again under its key.
    package var largestRepeatCount: Int64 = 5
    /// How long a command is tried that is proven not to have been executed.
    package var largestRetryAgeMilliseconds: Int64 = 86_400_000
    /// How long a doubt lasts before operators are asked to decide.
    package var largestDoubtAgeMilliseconds: Int64 = 86_400_000

    /// The profile of a provider that guarantees nothing.
    package init() {}

    /// From a sending on, how long a byte of it may still be under way.
    var quietAfterMilliseconds: Int64 { sendingWindowMilliseconds + httpDeadlineMilliseconds }

    /// Whether "not found" can be proof at all. The window can't hold back the last `send` of a
    /// body: a process that is stopped in it sends the end of the request when it wakes. So the
    /// key must catch what comes late, or the provider must refuse it.
    var trustsNotFound: Bool {
        notFoundIsFinal && looksUpByKey && (isIdempotent || honoursExpiry)
    }

    /// Whether the key of a command that was first sent at `first` may not be relied on at `now`.
    func keyIsExpired(firstSentAt first: Timestamp, now: Timestamp) -> Bool {
        guard let keyLifetimeMilliseconds else { return false }
        let usable = keyLifetimeMilliseconds - keyLifetimeMarginMilliseconds
        return PaymentBook.age(since: first, now) >= usable
    }
}
