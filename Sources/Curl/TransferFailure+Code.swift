import CCurl
import Glibc

extension TransferFailure {
    /// What a code of libcurl means; nil where the answer is whole.
    init?(_ code: CURLcode, systemError: Int) {
        switch code {
        case CURLE_OK: return nil
        case CURLE_COULDNT_RESOLVE_HOST: self = .nameNotResolved
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: self = .proxy
        case CURLE_COULDNT_CONNECT:
            self = switch Int32(truncatingIfNeeded: systemError) {
            case ECONNREFUSED: .connectionRefused
            case EADDRNOTAVAIL: .noPortLeft
            default: .notConnected
            }
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED: self = .tls
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS:
            self = .certificateNotTrusted
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_CLIENTCERT:
            self = .certificateUnusable
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE,
            CURLE_SEND_FAIL_REWIND:
            self = .connectionLost
        case CURLE_FILESIZE_EXCEEDED, CURLE_WRITE_ERROR: self = .answerTooLong
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            self = .malformedAnswer
        case CURLE_ABORTED_BY_CALLBACK, CURLE_READ_ERROR: self = .refused
        default: self = .other(Int(code.rawValue))
        }
    }
}
