/// Three capital letters that name a currency (ISO 4217), as a record gives them.
public struct CurrencyCode: Hashable, Sendable, CustomStringConvertible {
    /// The three letters, the first in the highest of the low 24 bits.
    let letters: UInt32

    /// The code of three letters A-Z, or nil.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 3 else { return nil }
        var letters: UInt32 = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") else { return nil }
            letters = letters << 8 | UInt32(byte)
        }
        self.letters = letters
    }

    public init?(_ code: String) {
        var copy = code
        guard let made = copy.withUTF8({ CurrencyCode(UnsafeRawBufferPointer($0)) }) else {
            return nil
        }
        self = made
    }

    /// `XXX`, for a unit that is no currency.
    public static let noCurrency = CurrencyCode("XXX")!

    /// The letters in order.
    public var bytes: (UInt8, UInt8, UInt8) {
        (UInt8(letters >> 16 & 255), UInt8(letters >> 8 & 255), UInt8(letters & 255))
    }

    public var description: String {
        let (first, second, third) = bytes
        return String(decoding: [first, second, third], as: UTF8.self)
    }

    /// Whether an offering may be sold in it: a code of ISO 4217 in force, the codes for
    /// metals, units of account and tests included, and `XXX` for a unit that is no currency.
    public var isInForce: Bool { Self.inForce.contains(letters) }

    /// How many digits its minor unit has behind the point (ISO 4217): 2 of CNY, 0 of JPY. What
    /// has no minor unit, such as gold or `XXX`, is counted in whole ones.
    public var fractionDigits: Int { Self.fractions[letters] ?? 2 }

    private static let fractions: [UInt32: Int] = {
        let none = """
            BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XAG XAU XBA XBB XBC XBD \
            XDR XOF XPD XPF XPT XSU XTS XUA XXX
            """
        var found: [UInt32: Int] = [:]
        for code in codes(none) { found[code] = 0 }
        for code in codes("BHD IQD JOD KWD LYD OMR TND") { found[code] = 3 }
        for code in codes("CLF UYW") { found[code] = 4 }
        return found
    }()

    private static func codes(_ text: String) -> [UInt32] {
        text.split(separator: " ").map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    private static let inForce: Set<UInt32> = {
        let all = """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD \
            BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP \
            DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS \
            INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL \
            LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR \
            NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP \
            SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN \
            UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD \
            XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG
            """
        return Set(codes(all))
    }()
}

extension MinorUnits {
    /// An amount as people write it, `12.50` or `1,200`; nil where it is none, or finer than the
    /// currency's minor unit.
    public init?(wholeUnits text: String, of currency: CurrencyCode) {
        let parts = text.replacing(",", with: "").split(
            separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count > 1 ? parts[1] : ""
        guard fraction.count <= currency.fractionDigits else { return nil }
        let digits = whole + fraction
            + String(repeating: "0", count: currency.fractionDigits - fraction.count)
        guard digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let units = Int64(digits),
            units <= largestInteger
        else { return nil }
        self.init(rawValue: units)
    }
}
