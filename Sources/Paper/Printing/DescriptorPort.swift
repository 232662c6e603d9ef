import CHardware
import Glibc

/// A printer behind a descriptor: a device node, a serial line, a file, a socket.
final class DescriptorPort: PrinterPort, @unchecked Sendable {
    enum Kind: Sendable {
        /// A device node such as `/dev/usb/lp0`, a named pipe, or a file, which is made if it is not there.
        case path(String)
        case serial(String, SerialLine)
        /// On this machine only.
        case network(port: UInt16)
    }

    let name: String
    private let kind: Kind
    private var descriptor: Int32 = -1
    private var isWriteOnly = false

    /// What a pipe takes at once when poll says that it takes something (pipe(7), PIPE_BUF).
    private static let pieceSize = 512
    /// How long the rest of a sequence may take that has to go out although printing is stopped.
    private static let patience: Int32 = 200

    init(_ kind: Kind) {
        self.kind = kind
        name = switch kind {
        case .path(let path), .serial(let path, _): path
        case .network(let port): "port \(port)"
        }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    // MARK: Opening

    func open() throws(PaperError) -> String? {
        close()
        switch kind {
        case .path(let path): return try openPath(path)
        case .serial(let path, let line): return try openSerial(path, line)
        case .network(let port): return connect(port)
        }
    }

    private func openPath(_ path: String) throws(PaperError) -> String? {
        let flags = O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR { throw PaperError("\(path) is a directory; name a device or a file") }
        let isDevice = exists ? status.st_mode & S_IFMT != S_IFREG : path.hasPrefix("/dev/")
        guard isDevice else {
            descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | flags, 0o644)
            isWriteOnly = true
            guard descriptor >= 0 else { throw PaperError("\(path): \(String(cString: strerror(errno)))") }
            return nil
        }
        descriptor = Glibc.open(path, O_RDWR | flags)
        isWriteOnly = descriptor < 0
        // A parallel port, and a pipe, which only goes one way.
        if descriptor < 0 || status.st_mode & S_IFMT == S_IFIFO {
            close()
            isWriteOnly = true
            descriptor = Glibc.open(path, O_WRONLY | flags)
        }
        guard descriptor >= 0 else {
            if errno == EACCES { throw PaperError("\(path): not permitted; join the group that owns it: lp, or dialout") }
            return String(cString: strerror(errno))
        }
        var mode = termios()
        if tcgetattr(descriptor, &mode) == 0 {
            // As bytes; the rate stays what somebody set it to.
            cfmakeraw(&mode)
            mode.c_cflag |= tcflag_t(CLOCAL)
            _ = tcsetattr(descriptor, TCSANOW, &mode)
        }
        return nil
    }

    private func openSerial(_ path: String, _ line: SerialLine) throws(PaperError) -> String? {
        let parity: Character = switch line.parity {
        case .none: "N"
        case .even: "E"
        case .odd: "O"
        case .mark: "M"
        case .space: "S"
        }
        var settings = pl_serial_settings(
            baud: UInt32(clamping: line.baud), data_bits: UInt8(clamping: line.dataBits), parity: parity.asciiValue ?? 0,
            stop_bits: UInt8(clamping: line.stopBits), has_xon_xoff: line.flow == .xonXoff, has_rts_cts: line.flow == .rtsCts)
        var refused: UnsafePointer<CChar>?
        let status = pl_serial_open(path, &settings, &descriptor, &refused)
        guard status != 0 else { return nil }
        descriptor = -1
        if let refused { throw PaperError("\(path): the line does not take this \(String(cString: refused))") }
        switch status {
        case EACCES: throw PaperError("\(path): not permitted; join the group dialout")
        case ENOTTY: throw PaperError("\(path) is no serial line")
        default: return String(cString: strerror(status))
        }
    }

    private func connect(_ port: UInt16) -> String? {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || errno == EINPROGRESS else {
            defer { close() }
            return String(cString: strerror(errno))
        }
        var query = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        var (error, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
        guard poll(&query, 1, 1000) > 0, getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error == 0 else {
            defer { close() }
            return String(cString: strerror(error == 0 ? ETIMEDOUT : error))
        }
        return nil
    }

    // MARK: Writing

    func write(_ bytes: ArraySlice<UInt8>, stop: StopSignal?) -> PortWrite {
        var rest = bytes
        func result(_ end: PortWrite.End) -> PortWrite { PortWrite(count: bytes.count - rest.count, end: end) }
        while !rest.isEmpty {
            switch wait(for: POLLOUT, stop, milliseconds: stop == nil ? Self.patience : -1) {
            case .stopped, .late: return result(.stopped)
            case .failed(let reason): return result(.lost(reason))
            case .ready: break
            }
            // A socket whose other side is gone is an error of this call, not a signal.
            let count = rest.prefix(Self.pieceSize).withUnsafeBytes { bytes in
                let sent = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
                return sent < 0 && errno == ENOTSOCK ? Glibc.write(descriptor, bytes.baseAddress, bytes.count) : sent
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR && errno != EAGAIN {
                return result(.lost(count == 0 ? "it takes nothing any more" : String(cString: strerror(errno))))
            }
        }
        return result(.done)
    }

    var canAnswer: Bool { !isWriteOnly }

    func read(milliseconds: Int32, stop: StopSignal) -> PortRead {
        guard !isWriteOnly else { return .nothing }
        switch wait(for: POLLIN, stop, milliseconds: milliseconds) {
        case .stopped: return .stopped
        case .late: return .nothing
        case .failed(let reason): return .lost(reason)
        case .ready: break
        }
        var byte: UInt8 = 0
        let count = Glibc.read(descriptor, &byte, 1)
        if count == 1 { return .byte(byte) }
        if count < 0, errno == EINTR || errno == EAGAIN { return .nothing }
        return .lost(count == 0 ? "closed from the other side" : String(cString: strerror(errno)))
    }

    private enum Wait {
        case ready, stopped, late
        case failed(String)
    }

    private func wait(for events: Int32, _ stop: StopSignal?, milliseconds: Int32) -> Wait {
        while true {
            var queries = [pollfd(fd: descriptor, events: Int16(events), revents: 0)]
            if let stop { queries.append(pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)) }
            let count = poll(&queries, nfds_t(queries.count), milliseconds)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failed(String(cString: strerror(errno))) }
            // A stop comes first: a device that is always ready would not be stopped at all.
            if queries.count > 1, queries[1].revents != 0 { return .stopped }
            return queries[0].revents == 0 ? .late : .ready
        }
    }

    // MARK: State

    func dropUnsent() -> Bool {
        guard case .serial = kind else { return false }
        var count: Int32 = 0
        guard pl_serial_unsent(descriptor, &count) == 0, count > 0 else { return false }
        return pl_serial_drop_unsent(descriptor) == 0
    }

    /// Bytes that a UART may hold beside the kernel's buffer: the FIFO of a 16550.
    private static let hardwareBytes = 16
    /// Bits of the longest character, with start, parity and two stop bits.
    private static let longestCharacter = 12

    /// What the kernel still holds of a serial line is lost when the program ends and the machine is switched off right after.
    func finishJob(_ stop: StopSignal) -> String? {
        guard case .serial(_, let line) = kind else { return nil }
        var count: Int32 = 0
        while pl_serial_unsent(descriptor, &count) == 0, count > 0 {
            if isStopped(stop, within: 20) { return nil }
        }
        _ = isStopped(stop, within: Int32(clamping: Self.hardwareBytes * Self.longestCharacter * 1000 / max(1, line.baud) + 1))
        return nil
    }

    private func isStopped(_ stop: StopSignal, within milliseconds: Int32) -> Bool {
        var query = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&query, 1, milliseconds) > 0
    }

    func obstacle() -> String? {
        // LPGETSTATUS in <linux/lp.h>, which usblp and lp have; the bits are those of a parallel port's status register.
        var status: Int32 = 0
        guard case .path(let path) = kind, path.hasPrefix("/dev/"), isatty(descriptor) == 0, ioctl(descriptor, UInt(0x060B), &status) == 0 else {
            return nil
        }
        if status & 0x20 != 0 { return "out of paper" }
        if status & 0x10 == 0 { return "off line" }
        if status & 0x08 == 0 { return "in error" }
        return nil
    }
}
