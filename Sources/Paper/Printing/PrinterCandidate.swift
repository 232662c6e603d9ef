import Glibc

/// A device that could be a printer.
public struct PrinterCandidate: Sendable, Equatable {
    public let path: String
    /// What the printer, or its adapter, says of itself; empty where it says nothing.
    public let name: String
    /// Of USB.
    public let vendor: Int?
    public let product: Int?
    /// The languages that a USB printer says it speaks, as its IEEE 1284 identification has them: `ESC/POS`, `ESCPL2`, `PCL`.
    public let commandSets: Set<String>
    /// What keeps it from printing, as far as the kernel knows; nil when nothing does.
    public let obstacle: String?

    /// All of this machine: USB printers and parallel ports, then serial lines, each in the order of the alphabet.
    /// - Parameters:
    ///   - devices: `/dev`.
    ///   - system: `/sys`.
    public static func all(devices: String = "/dev", system: String = "/sys") -> [PrinterCandidate] {
        let ports = names(in: devices, "lp").map { PrinterCandidate(path: "\(devices)/\($0)", interface: nil, name: "") }
        let lines = ["ttyUSB", "ttyACM", "ttyAMA", "rfcomm"].flatMap { names(in: devices, $0) }.map { name in
            let node = "\(system)/class/tty/\(name)/device"
            // A converter's line is a child of its interface, a modem's is the interface itself.
            let interface = line("\(node)/../bInterfaceNumber") == nil ? node : "\(node)/.."
            return PrinterCandidate(path: "\(devices)/\(name)", interface: interface, name: line("\(interface)/../product") ?? "")
        }
        return usbPrinters(devices: devices, system: system) + ports + lines
    }

    /// The USB printers alone.
    public static func usbPrinters(devices: String = "/dev", system: String = "/sys") -> [PrinterCandidate] {
        names(in: "\(devices)/usb", "lp").map { name in
            let node = "\(system)/class/usbmisc/\(name)/device"
            let fields = fields(line("\(node)/ieee1284_id") ?? "")
            let description = [fields["MFG"] ?? fields["MANUFACTURER"], fields["MDL"] ?? fields["MODEL"]].compactMap(\.self).joined(separator: " ")
            let commands = (fields["CMD"] ?? fields["COMMAND SET"] ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) }
            return PrinterCandidate(path: "\(devices)/usb/\(name)", interface: node, name: description, commandSets: Set(commands))
        }
    }

    private init(path: String, interface: String?, name: String, commandSets: Set<String> = []) {
        self.path = path
        self.commandSets = commandSets
        self.name = String(name.unicodeScalars.filter { $0.properties.generalCategory != .control }.map(Character.init).prefix(60))
        vendor = interface.flatMap { Self.line("\($0)/../idVendor") }.flatMap { Int($0, radix: 16) }
        product = interface.flatMap { Self.line("\($0)/../idProduct") }.flatMap { Int($0, radix: 16) }
        // A serial line is left alone: opening one can reset what hangs on it.
        obstacle = path.contains("/lp") ? Self.obstacle(path) : nil
    }

    /// What keeps a printer port from printing, as far as the kernel knows; nil when nothing does.
    public static func obstacle(_ path: String) -> String? {
        let port = DescriptorPort(.path(path))
        do {
            return try port.open() ?? port.obstacle()
        } catch {
            return error.description
        }
    }

    /// The fields of an IEEE 1284 identification: `MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;`. Of two the first counts.
    private static func fields(_ id: String) -> [String: String] {
        let fields = id.split(separator: ";").map { $0.split(separator: ":", maxSplits: 1) }.filter { $0.count == 2 }
        return Dictionary(fields.map { (String($0[0].drop { $0 == " " }), String($0[1])) }) { first, _ in first }
    }

    private static func names(in directory: String, _ prefix: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasPrefix(prefix), !name.dropFirst(prefix.count).isEmpty, name.dropFirst(prefix.count).allSatisfy(\.isNumber) { names.append(name) }
        }
        return names.sorted { ($0.count, $0) < ($1.count, $1) }
    }

    /// The first line of a small file.
    private static func line(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
