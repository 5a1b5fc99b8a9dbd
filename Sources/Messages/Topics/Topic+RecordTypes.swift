import Vocabulary

extension Topic {
    /// The values of `type` in the topic's records, in the order of the code that reads them.
    /// Empty where a topic has one form of record that says no type, and where nothing writes
    /// records yet.
    package var recordTypes: [String] {
        switch self {
        case .bids: BidType.allCases.map(\.rawValue)
        case .offeringCommands: OfferingCommandType.allCases.map(\.rawValue)
        case .paymentResults: PaymentResult.Kind.allCases.map(\.rawValue)
        case .decisions: DecisionType.allCases.map(\.rawValue)
        case .paymentCommands: PaymentCommandType.allCases.map(\.rawValue)
        case .paymentJournal: JournalEntryType.allCases.map(\.rawValue)
        case .attention: AttentionType.allCases.map(\.rawValue)
        case .paymentResolutions: PaymentResolutionType.allCases.map(\.rawValue)
        case .paymentMarks: JournalMarkType.allCases.map(\.rawValue)
        case .invalid, .progress, .environment: []
        }
    }
}
