import Foundation

/// The faults that are set, and how often each has struck. Guarded by the bank's lock.
struct FaultList {
    private var faults: [Fault] = []
    private var matched: [Int] = []
    private var struck: [Int] = []
    private let seed: UInt64

    init(_ faults: [Fault], seed: UInt64) {
        self.seed = seed
        set(faults)
    }

    mutating func set(_ faults: [Fault]) {
        self.faults = faults
        matched = Array(repeating: 0, count: faults.count)
        struck = matched
    }

    /// The first fault that strikes a payment in this phase.
    mutating func strike(
        _ request: PaymentRequest, key: String, _ phase: Fault.Phase
    ) -> Fault? {
        let chance = chance(key)
        return first { fault in
            !fault.isAboutLookups && fault.phase == phase
                && fault.account ?? request.account == request.account
                && fault.direction ?? request.direction == request.direction
                && fault.key ?? key == key && chance < fault.probability
        }
    }

    /// The first fault that strikes a lookup of this payment, which is `age` milliseconds old; nil
    /// where there is none.
    mutating func strikeLookup(_ payment: Ledger.Payment?, key: String, age: Int64) -> Fault? {
        let chance = chance(key)
        return first { fault in
            fault.isAboutLookups && fault.key ?? key == key
                && (fault.account == nil || fault.account == payment?.request.account)
                && chance < fault.probability
                && (fault.action == .lookupFails || age < Int64(fault.milliseconds))
        }
    }

    private mutating func first(_ matches: (Fault) -> Bool) -> Fault? {
        for index in faults.indices where matches(faults[index]) {
            matched[index] += 1
            if let nth = faults[index].nth, matched[index] != nth { continue }
            if let times = faults[index].times, struck[index] >= times { continue }
            struck[index] += 1
            return faults[index]
        }
        return nil
    }

    /// A number from 0 to 1 that belongs to the key: a resent payment meets the same fate.
    private func chance(_ key: String) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash ^= hash >> 32
        hash = hash &* 0x9E37_79B9_7F4A_7C15
        return Double(hash >> 11) / Double(UInt64(1) << 53)
    }
}
