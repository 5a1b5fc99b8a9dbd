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

    /// Nil where there is no memory for one.
    func take() -> UnsafeMutableRawPointer? {
        guard let easy = free.popLast() ?? curl_easy_init() else { return nil }
        prepare(easy)
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

    private func prepare(_ easy: UnsafeMutableRawPointer) {
        fairfill_set_long(easy, CURLOPT_NOSIGNAL, 1)
        fairfill_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        fairfill_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        fairfill_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        fairfill_set_text(easy, CURLOPT_USERAGENT, "fairfill")
        fairfill_set_long(easy, CURLOPT_BUFFERSIZE, Self.bufferBytes)
        fairfill_set_long(easy, CURLOPT_UPLOAD_BUFFERSIZE, Self.bufferBytes)
        fairfill_set_size(
            easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(Transfers.longestAnswerBytes))
        // An empty text is "none", where no text at all would ask the environment.
        fairfill_set_text(easy, CURLOPT_PROXY, options.proxy ?? "")
        if options.proxy != nil { fairfill_set_text(easy, CURLOPT_NOPROXY, "") }
        fairfill_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        fairfill_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        if let file = options.authoritiesFile {
            fairfill_set_text(easy, CURLOPT_CAINFO, file)
            fairfill_set_pointer(easy, CURLOPT_CAPATH, nil)
        }
        if let file = options.certificateFile { fairfill_set_text(easy, CURLOPT_SSLCERT, file) }
        if let file = options.keyFile { fairfill_set_text(easy, CURLOPT_SSLKEY, file) }
    }
}
