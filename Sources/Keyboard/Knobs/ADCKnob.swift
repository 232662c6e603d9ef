import Glibc

/// A potentiometer on an analogue input, which the kernel's IIO subsystem measures (`Documentation/ABI/testing/sysfs-bus-iio`,
/// `in_voltageY_raw`). It is read when somebody asks, so that it costs nothing else.
public final class ADCKnob: Knob {
    private let path: String
    private let low, high: Double

    /// - Parameters:
    ///   - path: Of the input's raw value, such as `/sys/bus/iio/devices/iio:device0/in_voltage0_raw`.
    ///   - low: The raw value at the left stop; it may be the larger one.
    ///   - high: And at the right stop.
    /// - Throws: where it cannot be read.
    public init(path: String, low: Double, high: Double) throws(KeyboardError) {
        (self.path, self.low, self.high) = (path, low, high)
        guard raw() != nil else {
            throw KeyboardError("cannot read a knob's value from \(path): \(errno == 0 ? "it is no number" : String(cString: strerror(errno)))")
        }
    }

    public var position: Double? {
        guard let raw = raw(), high != low else { return nil }
        return min(1, max(0, (raw - low) / (high - low)))
    }

    private func raw() -> Double? {
        errno = 0
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count].prefix { $0 > 0x20 }, as: UTF8.self)).map(Double.init)
    }
}
