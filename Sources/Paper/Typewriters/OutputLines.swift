import CHardware
import Glibc

/// Owns output lines of a GPIO chip. All are inactive from the first moment on, and again before they are given back, or when the
/// program has died.
struct OutputLines: ~Copyable {
    private let lines: OpaquePointer
    /// Bits of lines whose active level is low.
    private let inverted: UInt64

    /// - Parameters:
    ///   - chips: labels, names or paths, of which the first that is there is taken.
    ///   - ending: The states that the lines go through when the program has died, 1 to 4, as `set` takes them.
    init(_ chips: [String], _ wires: [GPIOWire], ending: [UInt64], consumer: String) throws(PaperError) {
        let inverted = wires.enumerated().reduce(UInt64(0)) { $1.element.isActiveLow ? $0 | 1 << UInt64($1.offset) : $0 }
        let lines = try Self.request(chips, wires, values: inverted, consumer)
        let error = pl_gpio_guard(lines, ending.map { $0 ^ inverted }, ending.count)
        guard error == 0 else {
            pl_gpio_release(lines)
            throw PaperError("nobody can open the typewriter's contacts after a crash: \(String(cString: strerror(error)))")
        }
        (self.lines, self.inverted) = (lines, inverted)
    }

    private static func request(_ chips: [String], _ wires: [GPIOWire], values: UInt64, _ consumer: String) throws(PaperError) -> OpaquePointer {
        var path = [CChar](repeating: 0, count: Int(PL_GPIO_PATH_SIZE))
        var status = ENOENT
        for chip in chips where status == ENOENT { status = pl_gpio_find_chip(chip, &path) }
        let chip = chips.joined(separator: " or ")
        guard status == 0 else {
            throw PaperError("GPIO chip \(chip): \(String(cString: strerror(status))); `gpiodetect` lists the chips that are there")
        }
        var offsets: [UInt32] = []
        for wire in wires { offsets.append(try offset(of: wire, path, chip)) }
        var settings = pl_gpio_settings()
        settings.is_output = true
        var handle: OpaquePointer?
        let error = pl_gpio_request(path, offsets, offsets.count, &settings, values, consumer, &handle)
        guard error == 0, let handle else {
            let names = wires.map(\.name).joined(separator: ", ")
            throw PaperError("GPIO chip \(chip), lines \(names): \(String(cString: strerror(error)))")
        }
        return handle
    }

    deinit {
        _ = pl_gpio_set(lines, inverted)
        pl_gpio_release(lines)
    }

    /// Bit i is the active level of the i-th wire.
    func set(_ state: UInt64) throws(PaperError) {
        let error = pl_gpio_set(lines, state ^ inverted)
        guard error == 0 else { throw PaperError("cannot set GPIO lines: \(String(cString: strerror(error)))") }
    }

    private static func offset(of wire: GPIOWire, _ path: [CChar], _ chip: String) throws(PaperError) -> UInt32 {
        if let number = UInt32(wire.name) { return number }
        var offset: UInt32 = 0
        let error = pl_gpio_find_line(path, wire.name, &offset)
        guard error == 0 else {
            throw PaperError("GPIO chip \(chip) has no line \(wire.name): \(String(cString: strerror(error))); `gpioinfo` lists its lines")
        }
        return offset
    }
}

/// A line of a GPIO chip: its number or its name.
public struct GPIOWire: Sendable, Equatable {
    public let name: String
    public let isActiveLow: Bool

    public init(_ name: String, isActiveLow: Bool = false) {
        self.name = name
        self.isActiveLow = isActiveLow
    }
}
