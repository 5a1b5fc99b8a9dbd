import Vocabulary

extension Decision {
    /// Whether it says no, now or, as a repeat, at the first time.
    public var isRefusal: Bool {
        switch event {
        case .rejected: true
        case .repeated(.bid(_, _, _, let was, _, _)): was == .rejected
        case .repeated(.command(_, _, let refused)): refused != nil
        default: false
        }
    }
}
