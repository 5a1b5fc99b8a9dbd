import Foundation

extension SQLiteLog {
    /// Closes the files that this process may write to, before it ends without `exit`: each is
    /// left whole. Nothing of them can be used any more.
    package static func closeFiles() { OpenStores.shared.closeAll() }
}

/// The files that this process may write to. An orderly end of it leaves each of them whole, also
/// where some thread still holds one: `exit` closes those that are open then.
final class OpenStores: @unchecked Sendable {
    static let shared = OpenStores()

    private struct Entry {
        weak var store: LogStore?
    }

    private let lock = NSLock()
    private var entries: [ObjectIdentifier: Entry] = [:]
    private var closed: [LogStore] = []

    private init() {
        atexit { OpenStores.shared.closeAll() }
    }

    func add(_ store: LogStore) {
        lock.withLock { entries[ObjectIdentifier(store)] = Entry(store: store) }
    }

    /// Runs `close`, before whose end the process does not end.
    func remove(_ store: ObjectIdentifier, _ close: () -> Void) {
        lock.withLock {
            entries[store] = nil
            close()
        }
    }

    fileprivate func closeAll() {
        lock.withLock {
            // Kept to the end of the process: one that was let go of here would ask for the lock.
            closed = entries.values.compactMap(\.store)
            for store in closed { store.close() }
        }
    }
}
