import CCurl

/// Easy handles of libcurl, with what all requests have in common.
///
/// A handle is used again only after a whole answer: libcurl carries some of what a failed
/// transfer left (a body that could not be rewound) into the next one, even through a reset.
final class EasyHandles {
    /// More than a payer needs at a time would only hold memory.
    private static let largestCount = 64
    /// A request is 2 KiB and an answer hardly more: libcurl's own buffers are 4 and 16 times
    /// as large, for each request under way.
    private static let bufferBytes = 16 << 10

    private let options: TransferOptions
    private var free: [UnsafeMutableRawPointer] = []

    init(_ options: TransferOptions) {
        self.options = options
    }

    /// Nil where there is no memory for one, or where libcurl doesn't take what guards it.
    func take() -> UnsafeMutableRawPointer? {
        guard let easy = free.popLast() ?? curl_easy_init() else { return nil }
        guard prepare(easy) else {
            curl_easy_cleanup(easy)
            return nil
        }
        return easy
    }

    func giveBack(_ easy: UnsafeMutableRawPointer, isClean: Bool) {
        guard isClean, free.count < Self.largestCount else { return curl_easy_cleanup(easy) }
        curl_easy_reset(easy)
        free.append(easy)
    }

    func close() {
        for easy in free { curl_easy_cleanup(easy) }
        free.removeAll()
    }

    private func prepare(_ easy: UnsafeMutableRawPointer) -> Bool {
        var codes: [CURLcode] = []
        func set(_ option: CURLoption, _ value: Int) {
            codes.append(fairfill_set_long(easy, option, value))
        }
        func set(_ option: CURLoption, _ value: String) {
            codes.append(fairfill_set_text(easy, option, value))
        }
        set(CURLOPT_NOSIGNAL, 1)
        // Else the end of a request waits for a name server that doesn't answer, and all others
        // with it.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_USERAGENT, "fairfill")
        set(CURLOPT_BUFFERSIZE, Self.bufferBytes)
        set(CURLOPT_UPLOAD_BUFFERSIZE, Self.bufferBytes)
        codes.append(
            fairfill_set_size(
                easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(Transfers.longestAnswerBytes)))
        // An empty text is "none", where no text at all would ask the environment.
        set(CURLOPT_PROXY, options.proxy ?? "")
        if options.proxy != nil { set(CURLOPT_NOPROXY, "") }
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = options.authoritiesFile {
            set(CURLOPT_CAINFO, file)
            codes.append(fairfill_set_pointer(easy, CURLOPT_CAPATH, nil))
        }
        if let file = options.certificateFile {
            set(CURLOPT_SSLCERT, file)
            // Without one OpenSSL asks the terminal for the password of a key that has one.
            set(CURLOPT_KEYPASSWD, "")
        }
        if let file = options.keyFile { set(CURLOPT_SSLKEY, file) }
        return codes.allSatisfy { $0 == CURLE_OK }
    }
}
