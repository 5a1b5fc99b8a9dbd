import Vocabulary

/// When an input is decided (log.md, Book time).
struct Moment {
    /// The largest append time of a bid, or clock time, decided so far: what the rules go by.
    let bookTime: Milliseconds
    /// The input's own append time.
    let at: Milliseconds
}
