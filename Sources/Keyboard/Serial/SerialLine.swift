import CHardware
import Glibc

/// Owns an open serial line, which never blocks.
struct SerialLine: ~Copyable {
    enum Arrival: Equatable {
        case bytes(Int)
        case nothing
        /// The line is not there any more: unplugged, or nobody's.
        case gone
    }

    let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Nil where there is no such device now: it may be plugged in later.
    /// - Throws: what else keeps the line from being opened.
    static func open(_ path: String, _ settings: pl_serial_settings) throws(KeyboardError) -> SerialLine? {
        var settings = settings
        var descriptor: Int32 = -1
        var refused: UnsafePointer<CChar>?
        let error = pl_serial_open(path, &settings, &descriptor, &refused)
        switch error {
        case 0:
            return SerialLine(descriptor)
        case ENOENT, ENXIO, ENODEV, EIO:  // EIO: a pseudo-terminal whose other side has gone.
            return nil
        default:
            if let refused {
                throw KeyboardError("keyboard.\(String(cString: refused)): the line \(path) cannot do this; choose another value")
            }
            let remedy =
                switch error {
                case EACCES: "; the user needs the group of the device, mostly dialout"
                case ENOTTY: "; keyboard.device has to name a serial line"
                default: ""
                }
            throw KeyboardError("cannot open the line \(path): \(String(cString: strerror(error)))\(remedy)")
        }
    }

    /// Reads what has arrived.
    func read(into buffer: inout [UInt8]) -> Arrival {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { return .bytes(count) }
        // No bytes, where at least one was asked for, is a line that hung up; whatever else happens to a line takes it away as well.
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .gone
    }
}
