import Glibc

/// What the kernel says of this process and of the computer, at this moment. What it does not say is nil.
struct ProcessHealth: Sendable, Equatable {
    /// Bytes of memory in use, those of mapped files included, and those that are nobody else's.
    var resident: Int?
    var anonymous: Int?
    /// Of the hottest place, in degrees Celsius.
    var temperature: Double?
    /// As `vcgencmd get_throttled` has it: bits 0 to 3 for now, 16 to 19 for some time since the start.
    var throttling: Int?

    /// - Parameter root: For tests.
    init(root: String = "") {
        if let status = Self.read("\(root)/proc/self/status") {
            resident = Self.kibibytes("VmRSS:", in: status)
            anonymous = Self.kibibytes("RssAnon:", in: status)
        }
        let zones = (0..<16).compactMap { Self.read("\(root)/sys/class/thermal/thermal_zone\($0)/temp").flatMap(Self.number) }
        // Thousandths of a degree (thermal/sysfs-api.rst). A sensor that is not connected says nonsense.
        temperature = zones.filter { (-100_000...200_000).contains($0) }.max().map { Double($0) / 1000 }
        // The Raspberry Pi's firmware, in hexadecimal digits.
        throttling = Self.throttlingFile(root: root).flatMap { Self.read($0) }.flatMap { text in
            Int(text.prefix { $0.isHexDigit }, radix: 16)
        }
    }

    /// The firmware's device is the bus's child, which has another name on each generation; nil on other computers.
    static func throttlingFile(root: String) -> String? {
        let platform = "\(root)/sys/devices/platform"
        for bus in directoryNames(platform) where bus.hasPrefix("soc") {
            for device in directoryNames("\(platform)/\(bus)") where device.hasSuffix("firmware") {
                let file = "\(platform)/\(bus)/\(device)/get_throttled"
                if access(file, R_OK) == 0 { return file }
            }
        }
        return nil
    }

    /// What the bits of `throttling` mean (raspberrypi.com/documentation/computers/os.html, get_throttled).
    var throttlingDescription: String? {
        guard let throttling else { return nil }
        let names = ["under-voltage", "frequency capped", "throttled", "soft temperature limit"]
        func list(_ shift: Int) -> String { names.enumerated().filter { throttling >> (shift + $0.offset) & 1 == 1 }.map(\.element).joined(separator: ", ") }
        let (now, before) = (list(0), list(16))
        return now.isEmpty ? before.isEmpty ? "no" : "not now; since the start: \(before)" : "now: \(now)"
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private static func number(_ text: String) -> Int? { Int(text.prefix { $0 == "-" || $0.isWholeNumber }) }

    private static func kibibytes(_ name: String, in text: String) -> Int? {
        text.split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { number(String($0.dropFirst(name.count).drop { $0.isWhitespace })) }.map { $0 << 10 }
    }
}
