import Foundation
import SQLite

/// Brings changes of the books to disk, many in one transaction, on a separate thread. Nothing is
/// answered before what it tells is on disk: a bank that is killed has not lied.
final class LedgerWriter: @unchecked Sendable {
    /// Called with what went wrong, or nil where everything before it is on disk.
    typealias Then = @Sendable (_ fault: String?) -> Void

    private let file: LedgerFile?
    private let shared: (truth: SharedTruth, channel: String)?
    private let condition = NSCondition()
    private var changes: [Books.Change] = []
    private var movements: [(Movement, Payment)] = []
    private var waiting: [Then] = []
    private var isWriting = false
    private var isStopping = false
    private var isStopped = false
    /// What went wrong; from then on nothing is written, and everybody is told.
    private var fault: String?

    /// Without files nothing is written, and everything is told at once.
    init(_ file: LedgerFile?, _ shared: (truth: SharedTruth, channel: String)?) {
        self.file = file
        self.shared = shared
        guard file != nil || shared != nil else {
            isStopped = true
            return
        }
        Thread.detachNewThread { self.run() }
    }

    /// Takes changes, in the order in which they were made.
    func add(_ new: [Books.Change], _ moved: [(Movement, Payment)] = []) {
        guard file != nil || shared != nil, !new.isEmpty else { return }
        condition.withLock {
            changes += new
            if shared != nil { movements += moved }
        }
    }

    /// Calls `then` once all that was added is on disk: on the writer's thread, or at once where
    /// nothing is under way.
    func whenWritten(_ then: @escaping Then) {
        let (isDone, fault) = condition.withLock { () -> (Bool, String?) in
            guard file != nil || shared != nil else { return (true, nil) }
            if self.fault == nil, isStopping { self.fault = "the bank has stopped" }
            if let fault = self.fault { return (true, fault) }
            if changes.isEmpty, movements.isEmpty, !isWriting { return (true, nil) }
            waiting.append(then)
            condition.signal()
            return (false, nil)
        }
        if isDone { then(fault) }
    }

    /// Writes what is left, and waits for it.
    func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
            while !isStopped { condition.wait() }
        }
    }

    private func run() {
        while true {
            condition.lock()
            while waiting.isEmpty, !isStopping { condition.wait() }
            guard !waiting.isEmpty || !changes.isEmpty else {
                isStopped = true
                condition.broadcast()
                condition.unlock()
                return
            }
            let (batch, moved, told) = (changes, movements, waiting)
            (changes, movements, waiting) = ([], [], [])
            isWriting = true
            let earlier = fault
            condition.unlock()
            let found = earlier ?? Self.write(batch, moved, to: file, shared)
            condition.lock()
            isWriting = false
            fault = found
            condition.unlock()
            for then in told { then(found) }
        }
    }

    /// The bank's own file first. What a crash in between keeps from the shared one is written
    /// there when the bank opens again, since a movement stands there once.
    private static func write(
        _ changes: [Books.Change], _ movements: [(Movement, Payment)], to file: LedgerFile?,
        _ shared: (truth: SharedTruth, channel: String)?
    ) -> String? {
        do throws(SQLiteError) {
            if !changes.isEmpty { try file?.write(changes) }
            if !movements.isEmpty { try shared?.truth.write(movements, of: shared?.channel ?? "") }
            return nil
        } catch {
            return "the ledger can't be written: \(error)"
        }
    }
}
