import CHardware
import Glibc

/// One line of a GPIO chip, and how it is wired.
public struct GPIOLine: Sendable, Hashable {
    public enum Pull: String, Sendable, CaseIterable {
        /// A resistor of the machine's own does it, or what the boot configuration says.
        case asIs = "as-is"
        case none, up, down
    }

    /// Labels, names (`gpiochip0`) or paths of chips: the first that the machine has is it. A Raspberry Pi's header has another label on
    /// each generation.
    public var chips: [String]
    /// Its number on the chip, or its name.
    public var line: String
    public var isActiveLow: Bool
    public var pull: Pull

    public init(_ line: String, chips: [String], isActiveLow: Bool = true, pull: Pull = .asIs) {
        (self.chips, self.line, self.isActiveLow, self.pull) = (chips, line, isActiveLow, pull)
    }

    /// The chip of a Raspberry Pi's header: up to the Pi 3 and the Zero 2, the Pi 4, the Pi 5.
    public static let header = ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"]
}

extension GPIOLine {
    /// Where the machine has it.
    struct Place: Hashable {
        let path: String
        let offset: UInt32
    }

    func place() throws(KeyboardError) -> Place {
        let path = try chipPath()
        if let offset = UInt32(line) {
            var chip = pl_gpio_chip_info()
            guard pl_gpio_describe_chip(path, &chip) != 0 || offset < chip.line_count else {
                throw KeyboardError("GPIO chip \(path) has \(chip.line_count) lines, the first of which is 0, and no line \(line); gpioinfo lists them")
            }
            return Place(path: path, offset: offset)
        }
        var offset: UInt32 = 0
        switch pl_gpio_find_line(path, line, &offset) {
        case 0: return Place(path: path, offset: offset)
        case ENOENT: throw KeyboardError("GPIO chip \(path) has no line \(line); gpioinfo lists what there is")
        case ENOTUNIQ: throw KeyboardError("GPIO chip \(path) has several lines \(line); give its number instead")
        case let error: throw Self.error("GPIO chip \(path)", error)
        }
    }

    private func chipPath() throws(KeyboardError) -> String {
        for chip in chips {
            var path = [CChar](repeating: 0, count: PL_GPIO_PATH_SIZE)
            switch pl_gpio_find_chip(chip, &path) {
            case 0: return text(path)
            case ENOENT: continue
            case ENOTUNIQ: throw KeyboardError("several GPIO chips have the label \(chip); give a path, such as /dev/gpiochip0, instead")
            case let error: throw Self.error("GPIO chip \(chip)", error)
            }
        }
        let known = Self.knownChips()
        let list = known.isEmpty ? "this machine has none at all" : "there are \(known.joined(separator: ", "))"
        throw KeyboardError("no GPIO chip is called \(chips.joined(separator: " or ")): \(list)")
    }

    static func error(_ what: String, _ number: Int32) -> KeyboardError {
        let hint = number == EACCES ? "; whoever runs this must be in the group gpio" : ""
        return KeyboardError("\(what): \(String(cString: strerror(number)))\(hint)")
    }

    /// The labels of the machine's chips.
    static func knownChips() -> [String] {
        var labels: [String] = []
        var path = [CChar](repeating: 0, count: PL_GPIO_PATH_SIZE)
        while labels.count < 100, pl_gpio_list_chip(labels.count, &path) == 0 {
            var info = pl_gpio_chip_info()
            let isKnown = pl_gpio_describe_chip(path, &info) == 0
            labels.append(isKnown ? withUnsafeBytes(of: &info.label) { text($0) } : text(path))
        }
        return labels
    }
}

/// A C text in a buffer, up to its zero.
private func text(_ buffer: [CChar]) -> String { buffer.withUnsafeBytes { text($0) } }

private func text(_ buffer: UnsafeRawBufferPointer) -> String { String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self) }

extension GPIOLine.Place {
    /// Who has taken the line; nil where nobody has.
    var user: String? {
        var info = pl_gpio_line_info()
        guard pl_gpio_describe_line(path, offset, &info) == 0, info.is_used else { return nil }
        let consumer = withUnsafeBytes(of: &info.consumer) { text($0) }
        return consumer.isEmpty ? "somebody" : consumer
    }

    var description: String {
        "line \(offset) of \(path)" + (user.map { ", which \($0) uses" } ?? "")
    }
}

extension GPIOLine {
    /// Finds the line without taking it.
    /// - Returns: where it is, in words, and who uses it now; nil where nobody does.
    /// - Throws: when there is no such chip or line, or it may not be looked at.
    public func look() throws(KeyboardError) -> (description: String, user: String?) {
        let place = try place()
        return (place.description, place.user)
    }
}
