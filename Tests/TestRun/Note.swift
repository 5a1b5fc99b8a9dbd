/// Prints what is worth reading of a test that passes, such as a time that it measured. Each line
/// has a mark, by which `deploy/test` shows it and nothing else that a passing test says.
package func note(_ text: String) {
    let lines = text.split(separator: "\n").map { "• \($0)" }
    // One call, so that lines of tests that run at once don't come between.
    print(lines.joined(separator: "\n"))
}
