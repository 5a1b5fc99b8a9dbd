/// The faults that are set, and how often each has struck. Guarded by the bank's lock.
struct FaultList: Sendable {
    /// What faults are matched with.
    struct Target {
        var key: String
        var account: String?
        var direction: String?
        var kind: String?
        var isChunked: Bool

        init(key: String, _ request: PaymentRequest?, isChunked: Bool = false) {
            self.key = key
            self.isChunked = isChunked
            account = request?.account
            direction = request?.direction
            kind = request?.purpose
        }
    }

    private var faults: [Fault] = []
    private var matched: [Int64] = []
    private var struck: [Int64] = []
    /// When they were set.
    private var setAt: Int64 = 0
    private let seed: UInt64

    init(_ faults: [Fault], seed: UInt64, at time: Int64) {
        self.seed = seed
        set(faults, at: time)
    }

    mutating func set(_ faults: [Fault], at time: Int64) {
        self.faults = faults
        matched = Array(repeating: 0, count: faults.count)
        struck = matched
        setAt = time
    }

    /// The first fault that strikes in this phase; `isFitting` says what else must hold.
    mutating func strike(
        _ subject: FaultAction.Subject, _ target: Target, _ phase: Fault.Phase = .after,
        at time: Int64, where isFitting: (Fault) -> Bool = { _ in true }
    ) -> Fault? {
        for index in faults.indices {
            guard isOn(index, subject, target, at: time), faults[index].phase == phase,
                !faults[index].action.isAboutLines, isFitting(faults[index])
            else { continue }
            matched[index] += 1
            if let nth = faults[index].nth, matched[index] != nth { continue }
            if let times = faults[index].times, struck[index] >= times { continue }
            struck[index] += 1
            return faults[index]
        }
        return nil
    }

    /// Whether this bank knows no keys, as far as this payment goes; strikes nothing.
    func ignoresKey(_ target: Target, at time: Int64) -> Bool {
        faults.indices.contains {
            faults[$0].action == .ignoreKey && isOn($0, .payment, target, at: time)
        }
    }

    /// The faults of a statement's line. They count from its first line in every statement, so
    /// that a statement is the same whenever it is asked for.
    func line(
        _ target: Target, at time: Int64, counting counts: inout [Int: Int64]
    ) -> [FaultAction] {
        faults.indices.compactMap { index in
            guard faults[index].action.isAboutLines, isOn(index, .statement, target, at: time)
            else { return nil }
            counts[index, default: 0] += 1
            let number = counts[index] ?? 1
            if let nth = faults[index].nth, number != nth { return nil }
            if let times = faults[index].times, number > times { return nil }
            return faults[index].action
        }
    }

    private func isOn(
        _ index: Int, _ subject: FaultAction.Subject, _ target: Target, at time: Int64
    ) -> Bool {
        let fault = faults[index]
        return fault.subject == subject && fault.key ?? target.key == target.key
            && fault.accounts.map { list in target.account.map(list.contains) ?? false } ?? true
            && fault.direction ?? target.direction == target.direction
            && fault.kind ?? target.kind == target.kind
            && fault.isChunked ?? target.isChunked == target.isChunked
            && fault.lifetime.map { time - setAt < $0 } ?? true
            && chance(target.key, index) < fault.probability
    }

    /// A number from 0 to 1 that belongs to the key, a resent payment meets the same fate, and to
    /// the fault, which strikes independently of the others.
    private func chance(_ key: String, _ index: Int) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed ^ UInt64(index + 1) << 32
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        // Keys that differ in a digit must not stay neighbours (the end of SplitMix64).
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        hash ^= hash >> 31
        return Double(hash >> 11) / Double(UInt64(1) << 53)
    }
}
