import Vocabulary

/// 100000 as 100,000.
package func grouped(_ number: some BinaryInteger) -> String { number.grouped }

/// `text` in a column of at least `width` cells.
package func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
}
