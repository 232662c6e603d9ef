import Glibc

/// The most bytes that a settings file may have.
private let largestFile = 1 << 20

/// A text file's content.
/// - Throws: a line that names the file, when it cannot be read or is no text.
func readTextFile(_ path: String) throws(TypewriterError) -> String {
    func problem(_ text: String) -> TypewriterError { TypewriterError("\(path)\(text)", status: .configuration) }
    // Whoever opens a named pipe without this waits for somebody who writes.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw problem(": \(reason(errno))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw problem(": \(reason(errno))") }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw problem(": \(reason(EISDIR))")
    default: throw problem(": this is no file; name a text file")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while bytes.count <= largestFile {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw problem(": \(reason(errno))") }
        if count == 0 { break }
        bytes += buffer[..<count]
    }
    guard bytes.count <= largestFile else { throw problem(": more than \(largestFile) bytes; that is no settings file") }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw problem(": this is UTF-16; save it as UTF-8") }
    func line(_ position: Int) -> Int { bytes[..<position].count { $0 == UInt8(ascii: "\n") } + 1 }
    if let zero = bytes.firstIndex(of: 0) { throw problem(":\(line(zero)): a zero byte; this is no text, or a damaged one: write it anew") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
        let position = firstInvalid(bytes)
        let byte = bytes.indices.contains(position) ? "0x" + String(bytes[position], radix: 16, uppercase: true) : "the end"
        throw problem(":\(line(position)): \(byte) is not UTF-8; save the file as UTF-8")
    }
    return text
}

/// Why a file cannot be read, and what to do.
private func reason(_ error: Int32) -> String {
    let text = String(cString: strerror(error))
    return switch error {
    case ENOENT: "\(text); check the path"
    case EISDIR: "\(text); name a file"
    case EACCES: "\(text); let the user who runs this read it (chmod, or its group)"
    case ELOOP: "\(text); links lead in a circle"
    default: text
    }
}

/// The position of the first byte that belongs to no character, or the count where a character is cut off.
private func firstInvalid(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var input = bytes.makeIterator()
    var position = 0
    while case .scalarValue(let scalar) = decoder.decode(&input) { position += UTF8.width(scalar) }
    return position
}
