import CSQLite

/// Which file a path names, even if another is put in its place later.
package struct FileIdentity: Hashable, Sendable {
    package let device: UInt64
    package let number: UInt64

    /// nil where there is none. Cheap enough for every commit: the file's times aren't asked for.
    package init?(_ path: String) {
        var found: (device: UInt64, number: UInt64) = (0, 0)
        guard fairfill_file_number(path, &found.device, &found.number) == 0 else { return nil }
        device = found.device
        number = found.number
    }
}
