import Glibc

/// The most bytes that a settings file may have.
private let largestFile = 1 << 20

/// A text file's content.
/// - Throws: a line that names the file, when it cannot be read or is no text.
func readTextFile(_ path: String) throws(TypewriterError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        throw TypewriterError("\(path): \(String(cString: strerror(errno)))", status: .configuration)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while bytes.count <= largestFile {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
            throw TypewriterError("\(path): \(String(cString: strerror(errno)))", status: .configuration)
        }
        if count == 0 { break }
        bytes += buffer[..<count]
    }
    guard bytes.count <= largestFile else {
        throw TypewriterError("\(path): more than \(largestFile) bytes; that is no settings file", status: .configuration)
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
        throw TypewriterError("\(path): not a text in UTF-8", status: .configuration)
    }
    return text
}
