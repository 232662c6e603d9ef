import GGUF
import Glibc

/// A failure to read or write, in one line.
struct StreamError: Error, CustomStringConvertible {
    let description: String
}

/// A file descriptor that bytes are written to, closed at the end unless it is a standard stream.
struct OutputStream: ~Copyable {
    private let descriptor: Int32
    private let name: String

    static let standardOutput: Int32 = STDOUT_FILENO
    static let standardError: Int32 = STDERR_FILENO

    init(standard descriptor: Int32) {
        self.descriptor = descriptor
        name = descriptor == STDOUT_FILENO ? "standard output" : "standard error"
    }

    /// Creates or empties the file at `path`.
    init(path: String) throws(StreamError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        name = path
        guard descriptor >= 0 else {
            throw StreamError(description: "\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        if descriptor > STDERR_FILENO { close(descriptor) }
    }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    func write(_ text: String) throws(StreamError) {
        var text = text
        let failed = text.withUTF8 { writeAll(UnsafeRawBufferPointer($0)) }
        if let failed { throw failed }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StreamError) {
        if let failed = writeAll(bytes) { throw failed }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> StreamError? {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                return StreamError(description: "\(name): cannot be written: \(String(cString: strerror(errno)))")
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return nil
    }
}

/// Everything that can be read from a descriptor that `name` describes.
private func readAll(_ descriptor: Int32, _ name: String) throws(StreamError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
            throw StreamError(description: "\(name): cannot be read: \(String(cString: strerror(errno)))")
        }
        guard count > 0 else { return bytes }
        bytes += buffer[..<count]
    }
}

private func text(_ bytes: [UInt8], _ name: String) throws(StreamError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
        throw StreamError(description: "\(name): not UTF-8 text")
    }
    return text
}

/// Standard input as text; bytes that are not UTF-8 are refused.
func readStandardInputText() throws(StreamError) -> String {
    try text(readAll(STDIN_FILENO, "standard input"), "standard input")
}

/// A file's content as text; bytes that are not UTF-8 are refused.
func readTextFile(_ path: String) throws(StreamError) -> String {
    let name = printable(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        throw StreamError(description: "\(name): cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    return try text(readAll(descriptor, name), name)
}
