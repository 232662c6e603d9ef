/// Where a printer is, as a person writes it.
public enum PrinterAddress: Sendable, Equatable {
    /// A device node, a named pipe or a file.
    case path(String)
    /// A port of this machine: `tcp:9100`.
    case network(port: UInt16)
    /// A printer of CUPS: `lp:NAME`, or `lp:` for the default one.
    case spooler(String)

    public init(_ text: String) throws(PaperError) {
        if text.hasPrefix("lp:") {
            let name = String(text.dropFirst(3))
            guard !name.hasPrefix("-"), name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control && $0 != " " }) else {
                throw PaperError("\(text): no name of a printer; `lpstat -p` shows the names")
            }
            self = .spooler(name)
        } else if text.hasPrefix("tcp:") {
            var rest = text.dropFirst(4)
            for host in ["localhost:", "127.0.0.1:"] where rest.hasPrefix(host) { rest = rest.dropFirst(host.count) }
            guard let port = UInt16(rest), port > 0 else {
                throw PaperError("\(text): write tcp:9100 for a port of this machine; others are not printed on")
            }
            self = .network(port: port)
        } else {
            guard text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") else {
                throw PaperError("\(text): write a path such as /dev/usb/lp0, tcp:9100, or lp:NAME for a printer of CUPS")
            }
            self = .path(text)
        }
    }

    func port(for profile: PrinterProfile) -> any PrinterPort {
        switch self {
        case .path(let path):
            // A serial line has a name of this kind; its rate is the printer's.
            let isLine = ["/dev/tty", "/dev/serial", "/dev/rfcomm"].contains { path.hasPrefix($0) }
            return DescriptorPort(isLine ? profile.line.map { .serial(path, $0) } ?? .path(path) : .path(path))
        case .network(let port): return DescriptorPort(.network(port: port))
        case .spooler(let queue): return SpoolerPort(queue: queue, isRaw: profile.language != .plain)
        }
    }
}
