/// What all requests of one provider have in common.
package struct TransferOptions: Hashable, Sendable {
    /// A file of authorities' certificates (PEM); nil: the machine's own.
    package var authoritiesFile: String?
    /// Our own certificate and its key (PEM), where the provider asks for one.
    package var certificateFile: String?
    package var keyFile: String?
    /// `http://HOST:PORT`; nil: none, even if the environment names one.
    package var proxy: String?

    package init(
        authoritiesFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
        proxy: String? = nil
    ) {
        self.authoritiesFile = authoritiesFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.proxy = proxy
    }
}
