import CommandLine

/// The table of `fairfill what-if`. Columns that have no room side by side follow in blocks below,
/// each with the names of the rows.
package enum WhatIfColumns {
    private static let margin = 2
    /// A value of a term that is longer is cut.
    private static let longestPiece = 30

    /// - Parameter rows: the first has the names of the columns, each row its own name first.
    package static func lines(_ rows: [[String]]) -> [String] {
        let names = rows.map { $0[0] }
        let left = margin + (names.map(\.count).max() ?? 0)
        let columns = rows[0].indices.dropFirst().map { column in
            Column(name: rows[0][column], cells: rows.dropFirst().map { $0[column] })
        }
        var lines: [String] = []
        var rest = columns[...]
        while !rest.isEmpty {
            var taken = 1
            var width = left + margin + rest[rest.startIndex].width
            for column in rest.dropFirst() {
                width += margin + column.width
                guard width <= Layout.width else { break }
                taken += 1
            }
            if !lines.isEmpty { lines.append("") }
            lines += block(names, left, rest.prefix(taken))
            rest = rest.dropFirst(taken)
        }
        return lines
    }

    private static func block(
        _ names: [String], _ left: Int, _ columns: ArraySlice<Column>
    ) -> [String] {
        let blank = String(repeating: " ", count: margin)
        func line(_ name: String, _ cell: (Column) -> String) -> String {
            let cells = columns.map { Layout.aligned(cell($0), $0.width) }
            let whole = ([Layout.padded(blank + name, left)] + cells).joined(separator: blank)
            return String(whole.reversed().drop { $0 == " " }.reversed())
        }
        let height = columns.map(\.heading.count).max() ?? 0
        return (0..<height).map { index in
            line(index == 0 ? names[0] : "") { $0.heading.count > index ? $0.heading[index] : "" }
        } + names.dropFirst().enumerated().map { index, name in line(name) { $0.cells[index] } }
    }

    private struct Column {
        /// The changed terms, as many on a line as the column is wide.
        var heading: [String] = []
        var cells: [String]
        var width: Int

        init(name: String, cells: [String]) {
            self.cells = cells
            let terms = name.split(separator: ",")
            let pieces = terms.enumerated().map { index, term in
                let mark = index < terms.count - 1 ? "," : ""
                return Layout.cut(String(term), to: longestPiece - mark.count) + mark
            }
            width = (pieces + cells).map(\.count).max() ?? 0
            for piece in pieces {
                if let last = heading.last, last.count + piece.count <= width {
                    heading[heading.count - 1] = last + piece
                } else {
                    heading.append(piece)
                }
            }
        }
    }
}
