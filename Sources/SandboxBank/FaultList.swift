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
        first(key) { fault in
            !fault.isAboutLookups && fault.phase == phase
                && fault.account ?? request.account == request.account
                && fault.direction ?? request.direction == request.direction
        }
    }

    /// The first fault that strikes a lookup of this payment, which is `age` milliseconds old; nil
    /// where there is none. What was never paid can't be hidden: it is not found, truly.
    mutating func strikeLookup(_ payment: Ledger.Payment?, key: String, age: Int64) -> Fault? {
        first(key) { fault in
            fault.isAboutLookups
                && (fault.account == nil || fault.account == payment?.request.account)
                && (fault.direction == nil || fault.direction == payment?.request.direction)
                && (fault.action == .lookupFails
                    || payment != nil && age < Int64(fault.milliseconds))
        }
    }

    private mutating func first(_ key: String, _ matches: (Fault) -> Bool) -> Fault? {
        for index in faults.indices {
            guard faults[index].key ?? key == key, matches(faults[index]),
                chance(key, index) < faults[index].probability
            else { continue }
            matched[index] += 1
            if let nth = faults[index].nth, matched[index] != nth { continue }
            if let times = faults[index].times, struck[index] >= times { continue }
            struck[index] += 1
            return faults[index]
        }
        return nil
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
