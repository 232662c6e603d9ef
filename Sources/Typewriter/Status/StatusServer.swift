import Glibc
import Synchronization

/// Answers everyone who connects to a socket with a text, and hangs up. Nothing is read, so nobody can send anything; an answer fits into the
/// socket's own buffer, so nobody can make it wait; and it has a thread of its own.
final class StatusServer: Sendable {
    let path: String
    private let descriptor: Int32
    private let thread: WorkerThread
    private let isEnding: Box

    private final class Box: Sendable { let value = Atomic(false) }

    /// Makes the socket, for its user and group alone. One that an earlier daemon left behind is replaced.
    /// - Parameter report: Called on the server's thread.
    init(path: String, report: @escaping @Sendable () -> String) throws(TypewriterError) {
        func problem(_ what: String) -> TypewriterError { TypewriterError("status socket \(path): \(what)", status: .ioError) }
        guard let address = UnixAddress(path), path.first == "/" else { throw problem("no path that a socket may have") }
        guard !StatusClient.isAnswered(path) else { throw problem("another daemon answers there") }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw problem(String(cString: strerror(errno))) }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0, chmod(path, 0o660) == 0, listen(descriptor, 64) == 0 else {
            let error = errno
            close(descriptor)
            throw problem(String(cString: strerror(error)))
        }
        let isEnding = Box()
        (self.path, self.descriptor, self.isEnding) = (path, descriptor, isEnding)
        do {
            thread = try WorkerThread {
                while !isEnding.value.load(ordering: .acquiring) {
                    let client = accept(descriptor, nil, nil)
                    guard client >= 0 else {
                        // Too many open files: that passes.
                        if errno != EINTR, errno != ECONNABORTED, !isEnding.value.load(ordering: .acquiring) { usleep(100_000) }
                        continue
                    }
                    let text = Array(report().utf8)
                    _ = send(client, text, text.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
                    close(client)
                }
            }
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Ends the thread and removes the socket.
    deinit {
        isEnding.value.store(true, ordering: .releasing)
        unlink(path)
        shutdown(descriptor, Int32(SHUT_RDWR))
        thread.join()
        close(descriptor)
    }
}
