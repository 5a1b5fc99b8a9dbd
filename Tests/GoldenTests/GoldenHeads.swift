import Foundation

/// The hash of each book's last decision, kept beside the books: a line each, the hash first.
struct GoldenHeads {
    static let file = "heads"
    private var heads: [String: String] = [:]

    init() {}

    /// The heads of all books of the same rules.
    init(of book: GoldenBook) throws {
        let file = book.folder.deletingLastPathComponent().appending(path: Self.file)
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            heads[words[1]] = words[0]
        }
    }

    subscript(book: GoldenBook) -> String? {
        get { heads[book.name] }
        set { heads[book.name] = newValue }
    }

    var text: String {
        heads.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }.joined()
    }
}
