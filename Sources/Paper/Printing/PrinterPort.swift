/// Where a printer's bytes go. One thread at a time uses it.
protocol PrinterPort: AnyObject, Sendable {
    /// For messages: a path, an address.
    var name: String { get }

    /// Opens it, or opens it again.
    /// - Returns: why it cannot be opened now, for somebody to plug it in; nil when it is open.
    /// - Throws: when it never will be.
    func open() throws(PaperError) -> String?

    /// Writes until all is accepted, `stop` is raised, or the port is lost.
    func write(_ bytes: ArraySlice<UInt8>, stop: StopSignal?) -> PortWrite

    /// The printer can be heard.
    var canAnswer: Bool { get }

    /// A byte from the printer.
    func read(milliseconds: Int32, stop: StopSignal) -> PortRead

    /// Drops what was accepted and has not left the machine yet.
    /// - Returns: whether something may have been dropped, so that the printer's state is unknown.
    func dropUnsent() -> Bool

    /// What the port itself knows of the printer: no paper, off line. Nil when nothing keeps it from printing.
    func obstacle() -> String?

    /// A job is complete: hands it over, and returns when it has left this machine, or `stop` is raised.
    /// - Returns: why it is not taken now; nil when it is.
    func finishJob(_ stop: StopSignal) -> String?

    func close()
}

struct PortWrite: Equatable {
    enum End: Equatable {
        case done, stopped
        case lost(String)
    }

    /// Bytes that were accepted.
    var count: Int
    var end: End
}

enum PortRead: Equatable {
    case byte(UInt8)
    case nothing, stopped
    case lost(String)
}

extension PrinterPort {
    var canAnswer: Bool { false }
    func dropUnsent() -> Bool { false }
    func obstacle() -> String? { nil }
    func finishJob(_ stop: StopSignal) -> String? { nil }
    func read(milliseconds: Int32, stop: StopSignal) -> PortRead { .nothing }

    /// Opens it. Who is patient waits for what can never work, too.
    func open(isPatient: Bool) throws(PaperError) -> String? {
        do {
            return try open()
        } catch {
            guard isPatient else { throw error }
            let name = "\(name): "
            return error.description.hasPrefix(name) ? String(error.description.dropFirst(name.count)) : error.description
        }
    }
}
