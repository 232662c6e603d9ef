/// What types: a terminal or file today; printers, typewriters and displays alike.
///
/// One thread at a time calls it; `Printer` gives a device that thread and a queue.
public protocol PaperDevice: AnyObject, Sendable {
    var capabilities: PaperCapabilities { get }

    /// Types the strikes, and returns when they are on paper. Returns false early, with what is left dropped and
    /// the device's style back to plain, as soon as `stop` is raised.
    func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool

    /// Looks, while there is nothing to print, whether what was waited for is there.
    /// - Returns: nanoseconds until the next look; nil where nothing is waited for.
    func attend() -> UInt64?
}

extension PaperDevice {
    public func attend() -> UInt64? { nil }
}

/// What a device can do, so that the page is laid out for it.
public struct PaperCapabilities: Sendable, Equatable {
    /// Columns of the paper; nil when anything goes (a file).
    public var columns: Int?
    /// Takes characters away again. A device that cannot strikes them over with a mark.
    public var canErase: Bool
    public var bold: Bool
    public var underline: Bool
    /// What it can type; nil when it types everything.
    public var repertoire: Repertoire?

    public init(
        columns: Int? = nil, canErase: Bool = false, bold: Bool = false, underline: Bool = false, repertoire: Repertoire? = nil
    ) {
        self.columns = columns
        self.canErase = canErase
        self.bold = bold
        self.underline = underline
        self.repertoire = repertoire
    }
}

/// What went wrong with the paper: one line that says what, where and what to do.
public struct PaperError: Error, Sendable, CustomStringConvertible, Equatable {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
