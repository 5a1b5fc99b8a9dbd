import CDigest

/// A certificate for a server of tests, signed by an authority that was made for it and that
/// nobody else trusts. All of it is PEM.
package struct ServerCertificate: Sendable {
    /// The authority's certificate: what clients have to trust.
    package let authority: String
    /// The server's certificate.
    package let certificate: String
    /// The server's private key.
    package let key: String

    /// Nil where libcrypto makes none. The times are seconds since 1970 UTC; `names` and
    /// `addresses` are what clients may call the server.
    package init?(names: [String], addresses: [String], from: Int64, to: Int64) {
        guard let authorityKey = CertificatePart.key(), let serverKey = CertificatePart.key() else {
            return nil
        }
        defer {
            EVP_PKEY_free(authorityKey)
            EVP_PKEY_free(serverKey)
        }
        let title = "Fairfill sandbox authority"
        let all = names.map { "DNS:\($0)" } + addresses.map { "IP:\($0)" }
        guard
            let authority = CertificatePart.certificate(
                of: authorityKey, title, by: nil, authorityKey, number: 1, from: from, to: to,
                [
                    (NID_basic_constraints, "critical,CA:TRUE"),
                    (NID_key_usage, "critical,keyCertSign,cRLSign"),
                    (NID_subject_key_identifier, "hash"),
                ])
        else { return nil }
        defer { X509_free(authority) }
        guard
            let server = CertificatePart.certificate(
                of: serverKey, names.first ?? "server", by: authority, authorityKey, number: 2,
                from: from, to: to,
                [
                    (NID_basic_constraints, "critical,CA:FALSE"),
                    (NID_key_usage, "critical,digitalSignature"),
                    (NID_ext_key_usage, "serverAuth"),
                    (NID_subject_key_identifier, "hash"),
                    (NID_authority_key_identifier, "keyid"),
                    (NID_subject_alt_name, all.joined(separator: ",")),
                ])
        else { return nil }
        defer { X509_free(server) }
        guard let authorityText = CertificatePart.text({ PEM_write_bio_X509($0, authority) }),
            let serverText = CertificatePart.text({ PEM_write_bio_X509($0, server) }),
            let keyText = CertificatePart.text({
                PEM_write_bio_PrivateKey($0, serverKey, nil, nil, 0, nil, nil)
            })
        else { return nil }
        (self.authority, certificate, key) = (authorityText, serverText, keyText)
    }
}

/// The steps, each over libcrypto. What it hands out is the caller's to free.
private enum CertificatePart {
    /// On the curve that every client knows.
    static func key() -> OpaquePointer? {
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) == 1,
            EVP_PKEY_keygen(context, &key) == 1
        else { return nil }
        return key
    }

    /// `issuer` is nil for a certificate that signs itself.
    static func certificate(
        of key: OpaquePointer, _ title: String, by issuer: OpaquePointer?,
        _ issuerKey: OpaquePointer, number: Int, from: Int64, to: Int64,
        _ extensions: [(Int32, String)]
    ) -> OpaquePointer? {
        guard let certificate = X509_new() else { return nil }
        let subject = X509_get_subject_name(certificate)
        let isFilled = X509_set_version(certificate, 2) == 1
            && ASN1_INTEGER_set(X509_get_serialNumber(certificate), number) == 1
            && ASN1_TIME_set(X509_getm_notBefore(certificate), Int(from)) != nil
            && ASN1_TIME_set(X509_getm_notAfter(certificate), Int(to)) != nil
            && X509_set_pubkey(certificate, key) == 1
            && X509_NAME_add_entry_by_txt(subject, "CN", V_ASN1_UTF8STRING, title, -1, -1, 0) == 1
            && X509_set_issuer_name(
                certificate, issuer.map { X509_get_subject_name($0) } ?? subject) == 1
            && extensions.allSatisfy { add($0.0, $0.1, to: certificate, by: issuer) }
            && X509_sign(certificate, issuerKey, EVP_sha256()) > 0
        guard isFilled else {
            X509_free(certificate)
            return nil
        }
        return certificate
    }

    private static func add(
        _ number: Int32, _ value: String, to certificate: OpaquePointer, by issuer: OpaquePointer?
    ) -> Bool {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer ?? certificate, certificate, nil, nil, 0)
        guard let found = X509V3_EXT_conf_nid(nil, &context, number, value) else { return false }
        defer { X509_EXTENSION_free(found) }
        return X509_add_ext(certificate, found, -1) == 1
    }

    static func text(_ write: (OpaquePointer) -> Int32) -> String? {
        guard let memory = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(memory) }
        guard write(memory) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = BIO_read(memory, &bytes, Int32(bytes.count))
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<Int(count)], as: UTF8.self)
    }
}
