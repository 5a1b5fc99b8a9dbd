import FairfillClient
import Foundation

/// A properties file as kcat's: `name=value` a line, `#` before a remark.
///
/// One file may serve every command, so an option of any of them may stand in it; a name with a
/// dot is librdkafka's, which checks it. Anything else is a mistyped option, which must not be
/// passed over.
package enum Properties {
    package static func read(
        _ path: String, known: Set<String>
    ) throws(Failure) -> [String: String] {
        var found: [String: String] = [:]
        let lines = try InputFile.lines(path, "-F names a properties file")
        for (index, line) in lines.enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let location = "\(path), line \(index + 1)"
            guard let equals = line.firstIndex(of: "=") else {
                throw Failure(.data, "\(location): not of the form name=value")
            }
            let name = line[..<equals].trimmingCharacters(in: .whitespaces)
            // What is no name may be a piece of a secret, such as a line of a key: not shown.
            guard LibrdkafkaProperty.isName(name) else {
                throw Failure(
                    .data, "\(location): not of the form name=value; a name is made of "
                        + "a-z 0-9 . _ -")
            }
            let value = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
            // Nor is the value of what may be a secret.
            guard !InputFile.hasControlCharacters(value) else {
                throw Failure(
                    .data, "\(location): the value of '\(name)' has a control character in it")
            }
            guard known.contains(name) || name.contains(".") || LibrdkafkaProperty.isDotless(name)
            else {
                let near = Nearest.word(to: name, among: known.sorted())
                throw Failure(
                    .data,
                    "\(location): there is no option '\(name)'"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""))
            }
            guard found.updateValue(value, forKey: name) == nil else {
                throw Failure(.data, "\(location): '\(name)' is there twice; once is enough")
            }
        }
        return found
    }
}
