import Vocabulary

// A forged book may hold any numbers. In an audit sums wrap around instead of trapping: what does
// not add up is a finding, never the end of the program. True books never come near.
extension Shares {
    static func + (left: Shares, right: Shares) -> Shares {
        Shares(rawValue: left.rawValue &+ right.rawValue)
    }
    static func - (left: Shares, right: Shares) -> Shares {
        Shares(rawValue: left.rawValue &- right.rawValue)
    }
    static func += (left: inout Shares, right: Shares) { left = left + right }
    static func -= (left: inout Shares, right: Shares) { left = left - right }

    /// `1 share`, `2 shares`.
    var words: String { rawValue == 1 ? "1 share" : "\(self) shares" }
}
