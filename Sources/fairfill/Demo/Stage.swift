import CommandLine
import Glibc
import Vocabulary

/// Where the story is told: lines that stay, and below them, on a terminal, a few that change.
/// In a pipe there are only lines that stay.
final class Stage {
    enum Colour: String {
        case bold = "1"
        case faint = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "36"
    }

    /// Whether lines that change can be shown.
    let isLive: Bool
    private let output: Int32
    private let hasColours: Bool
    private var liveLines: [String] = []
    private var liveShown = 0

    /// `quiet`: says nothing at all.
    init(output: Int32, quiet: Bool = false) {
        self.output = quiet ? -1 : output
        let terminal = getenv("TERM").map { String(cString: $0) } ?? "dumb"
        let isTerminal = !quiet && isatty(output) == 1 && terminal != "dumb"
        isLive = isTerminal && Self.columns(output) >= 76
        hasColours = isTerminal && getenv("NO_COLOR") == nil
    }

    /// How many cells a bar may have.
    var barWidth: Int { isLive ? min(Self.columns(output) - 44, 60) : 30 }

    /// Says something for good; what is longer than a line goes on below it.
    func say(_ line: String = "") {
        let blanks = line.prefix { $0 == " " }
        let line = Layout.columns(line) <= Layout.width
            ? line
            : Layout.wrapped(
                String(line.dropFirst(blanks.count)), first: String(blanks), indent: 4)
        write(erased() + line + "\n" + drawn())
    }

    /// Shows lines that take the place of those shown before; nothing where that can't be done.
    func show(_ lines: [String]) {
        guard isLive else { return }
        let erasing = erased()
        liveLines = lines
        write(erasing + drawn())
    }

    /// What is shown stays as it is.
    func keep() {
        if liveShown > 0 { write("\u{1b}[?25h") }
        liveLines = []
        liveShown = 0
    }

    func coloured(_ text: String, _ colour: Colour) -> String {
        hasColours ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// `part` of `whole` as a bar; what is more than whole sticks out of it.
    func bar(_ part: Int, of whole: Int, _ colour: Colour) -> String {
        let cells = barWidth
        // In eighths of a cell, so that it moves smoothly.
        let eighths = max(0, min(part, whole)) * cells * 8 / whole
        let filled = String(repeating: "█", count: eighths / 8) + Self.partCells[eighths % 8]
        let empty = String(repeating: "·", count: cells - (eighths + 7) / 8)
        let over = part > whole ? coloured("▌", .red) : "▏"
        return coloured(filled, colour) + coloured(empty, .faint) + over
    }

    private static let partCells = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    private func erased() -> String {
        guard liveShown > 0 else { return "" }
        let up = "\u{1b}[\(liveShown)A\r\u{1b}[J"
        liveShown = 0
        return up
    }

    private func drawn() -> String {
        guard isLive, !liveLines.isEmpty else { return "" }
        liveShown = liveLines.count
        return "\u{1b}[?25l" + liveLines.map { $0 + "\u{1b}[K\n" }.joined()
    }

    private func write(_ text: String) {
        guard output >= 0 else { return }
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(output, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    // Nobody watches any more.
                    if errno == EPIPE { Interruption.request(SIGPIPE) }
                    return
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    private static func columns(_ output: Int32) -> Int {
        var size = winsize()
        return ioctl(output, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 80
    }
}

/// 100000 as 100,000.
func grouped(_ number: some BinaryInteger) -> String { number.grouped }

/// `text` in a column of at least `width` cells.
func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
}
