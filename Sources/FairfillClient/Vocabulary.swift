import Vocabulary

// What a program says and hears, under this module's name: it imports nothing else.

/// A request for shares of one offering, by one account.
public typealias Bid = Vocabulary.Bid
/// What an operator asks of an offering.
public typealias OfferingCommand = Vocabulary.OfferingCommand
/// The terms that an offering is opened with.
public typealias OfferingTerms = Vocabulary.OfferingTerms
/// What the allocator said about one record, or what followed from it.
public typealias Decision = Vocabulary.Decision
/// An id that a front end or an operator chose.
public typealias Identifier = Vocabulary.Identifier
/// A number of shares.
public typealias Shares = Vocabulary.Shares
/// An amount of money, in the smallest unit of its currency.
public typealias MinorUnits = Vocabulary.MinorUnits
/// A partition of a topic.
public typealias Partition = Vocabulary.Partition
/// The position of a record in its partition.
public typealias Offset = Vocabulary.Offset
/// A moment, in milliseconds since 1970-01-01 UTC.
public typealias Timestamp = Vocabulary.Timestamp
/// What an offering's price is in.
public typealias CurrencyCode = Vocabulary.CurrencyCode
/// What becomes of a bid that is larger than what is free.
public typealias RemainderRule = Vocabulary.RemainderRule
/// The account that takes what is left at the close.
public typealias Backstop = Vocabulary.Backstop
/// The distributions that an offering allows.
public typealias AllowedDistributions = Vocabulary.AllowedDistributions
/// The id of a payment command, or of what it pays.
public typealias PaymentID = Vocabulary.PaymentID
/// What a decision says.
public typealias DecisionEvent = Vocabulary.DecisionEvent
/// Why a record was refused.
public typealias Reason = Vocabulary.Reason
