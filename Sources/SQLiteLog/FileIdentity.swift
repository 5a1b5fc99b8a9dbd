import Foundation

/// Which file a path names, whatever is put in its place later.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let number: UInt64

    /// nil where there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }

    /// A file's size in bytes; nil where there is none.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
}
