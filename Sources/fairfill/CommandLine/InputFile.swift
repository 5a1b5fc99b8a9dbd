import Foundation

/// A small file that an option names, read whole.
enum InputFile {
    /// `hint` says what the option is for. The file may be a pipe, as in `-F <(print-secrets)`, so
    /// it is read by its descriptor: the file manager asks for a size first.
    static func read(_ path: String, _ hint: String) throws(Failure) -> Data {
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            return try handle.readToEnd() ?? Data()
        } catch {
            throw Failure(.inputOutput, "\(path) can't be read; \(hint)")
        }
    }
}
