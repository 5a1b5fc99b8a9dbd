/// What a fault does, by its name in the list of faults (Bank.md, Faults).
enum FaultAction: String, CaseIterable, Sendable {
    // What becomes of the payment.
    case decline = "decline"
    case lie = "lie"
    case pending = "pending"
    case reverse = "reverse"
    case rollForward = "rollForward"
    case executeTwice = "executeTwice"
    case executeLate = "executeLate"
    case forget = "forget"
    case ignoreKey = "ignoreKey"
    case ignoreExpiry = "ignoreExpiry"
    case storeError = "storeError"

    // How the answer goes wrong.
    case delay = "delay"
    case hang = "hang"
    case drop = "drop"
    case reset = "reset"
    case status = "status"
    case html = "html"
    case half = "half"
    case halfHead = "halfHead"
    case badJSON = "badJSON"
    case trailers = "trailers"
    case hugeLength = "hugeLength"
    case bigBody = "bigBody"
    case wrongAmount = "wrongAmount"
    case wrongCurrency = "wrongCurrency"
    case wrongKey = "wrongKey"
    case wrongDirection = "wrongDirection"
    case wrongReference = "wrongReference"
    case wrongAccount = "wrongAccount"

    // What lookups say.
    case lookupNotFound = "lookupNotFound"
    case lookupFails = "lookupFails"
    case lookupMissing = "lookupMissing"
    case lookupStale = "lookupStale"
    case lookupLies = "lookupLies"
    case lookupForeign = "lookupForeign"
    case lookupFlaps = "lookupFlaps"
    case lookupIncomplete = "lookupIncomplete"

    // What stands in statements.
    case lineMissing = "lineMissing"
    case lineExtra = "lineExtra"
    case lineDouble = "lineDouble"
    case lineWrongAmount = "lineWrongAmount"
    case lineNextDay = "lineNextDay"
    case statementLate = "statementLate"
    case statementTruncated = "statementTruncated"
    case statementBadDigest = "statementBadDigest"

    // What happens to webhooks.
    case webhookLost = "webhookLost"
    case webhookTwice = "webhookTwice"
    case webhookReordered = "webhookReordered"
    case webhookForged = "webhookForged"
}

extension FaultAction {
    /// What a fault is about.
    enum Subject: String, CaseIterable, Sendable {
        case payment = "payment"
        case lookup = "lookup"
        case cancel = "cancel"
        case statement = "statement"
        case webhook = "webhook"
    }

    /// What it can be about; the first where the fault doesn't say.
    var subjects: [Subject] {
        switch self {
        case .decline, .lie, .pending, .reverse, .rollForward, .executeTwice, .executeLate, .forget,
            .ignoreKey, .ignoreExpiry, .storeError:
            [.payment]
        case .delay, .hang, .drop, .reset, .status, .html, .half, .halfHead, .badJSON, .trailers,
            .hugeLength, .bigBody:
            [.payment, .lookup, .cancel, .statement]
        case .wrongAmount, .wrongCurrency, .wrongKey, .wrongDirection, .wrongReference,
            .wrongAccount:
            [.payment, .lookup]
        case .lookupNotFound, .lookupFails, .lookupMissing, .lookupStale, .lookupLies,
            .lookupForeign, .lookupFlaps, .lookupIncomplete:
            [.lookup]
        case .lineMissing, .lineExtra, .lineDouble, .lineWrongAmount, .lineNextDay, .statementLate,
            .statementTruncated, .statementBadDigest:
            [.statement]
        case .webhookLost, .webhookTwice, .webhookReordered, .webhookForged: [.webhook]
        }
    }

    /// When a payment can meet it; the first where the fault doesn't say.
    var phases: [Fault.Phase] {
        switch self {
        case .decline, .forget: [.before]
        case .pending, .reverse, .rollForward, .executeTwice, .executeLate, .ignoreKey,
            .ignoreExpiry:
            [.during]
        case .storeError, .delay: [.after, .before]
        case .hang, .drop, .reset, .status, .html: [.after, .before, .during]
        default: [.after]
        }
    }

    /// Whether it is about lines of a statement, each of which it strikes or not.
    var isAboutLines: Bool {
        switch self {
        case .lineMissing, .lineExtra, .lineDouble, .lineWrongAmount, .lineNextDay: true
        default: false
        }
    }
}
