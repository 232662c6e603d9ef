import Glibc

/// Writes a line for the one who started the program. What cannot be written is lost: there is nobody else to tell.
public func writeToStandardError(_ text: String) {
    writeAll(text, to: STDERR_FILENO)
}

func writeAll(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        bytes = bytes.dropFirst(count)
    }
}
