import EventLog
import SQLite

extension LogStore {
    /// Lets the file's last time be `time` again where it is later: what a wrong clock left there
    /// would stamp all that comes (TheLog.md, Book time).
    func lowerLastTime(to time: Int64) throws(LogError) {
        try write { () throws(LogError) in
            try sql { () throws(SQLiteError) in
                let lower = try connection.prepare(
                    "UPDATE partitions SET last_time = min(last_time, ?1) WHERE id = 0")
                lower.bind(1, time)
                try lower.run()
            }
        }
    }
}

extension SQLiteLog: AdjustableLog {
    package func lowerClock(to milliseconds: Int64) throws(LogError) {
        try writable().lowerLastTime(to: milliseconds)
    }

    /// Has what this one appends stamped by another clock, in milliseconds since 1970 UTC.
    package func stamp(by clock: @escaping () -> Int64) throws(LogError) {
        try writable().clock = clock
    }

    /// As far as it is known: those who only read a log leave no clock there.
    package var clockSpreadMilliseconds: Int64 { clocks?.spreadMilliseconds ?? 0 }
}
